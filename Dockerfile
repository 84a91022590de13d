# One image for every part of the stack: the command says which part runs.
FROM rust:1-bookworm AS native
WORKDIR /src/native
COPY native/ ./
RUN cargo build --release --locked --package gridpact-napi \
 && install -D target/release/libgridpact_napi.so addons/gridpact-native.node
# The second library, for CPUs with AVX-512 IFMA; what build.mjs does, but this stage has no Node.
RUN if [ "$(uname -m)" = x86_64 ]; then \
      features=$(tr -d ' "[]{}\n' < lane-library.json | sed 's/instructionSets://; s/[^,]*/+&/g') \
      && RUSTFLAGS="-C target-feature=$features" cargo build --release --locked --package gridpact-napi \
           --features ifma --target-dir target/lanes \
      && install -D target/lanes/release/libgridpact_napi.so addons/gridpact-native-lanes.node; \
    fi

FROM node:24-bookworm-slim
WORKDIR /app
COPY . .
COPY --from=native /src/native/addons/ native/
# Not `npm ci`, for the reason that cloud/cli/setup.mjs gives; it installs what the lock file says all the same.
RUN npm install --no-save --omit=dev --no-audit --no-fund --loglevel=error
RUN node cloud/dapp/build.ts
# A new volume takes over the owner of the directory that it is mounted on.
RUN install -d -o node -g node -m 0700 /state /secrets
USER node
ENTRYPOINT ["node", "cloud/cli/bin/gridpact.mjs"]
CMD ["--help"]
