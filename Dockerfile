# One image for every part of the stack: the command says which part runs.
FROM rust:1-bookworm AS native
WORKDIR /src/native
COPY native/ ./
RUN cargo build --release --locked

FROM node:24-bookworm-slim
WORKDIR /app
COPY . .
COPY --from=native /src/native/target/release/libgridpact_napi.so native/gridpact-native.node
RUN npm install --no-save --no-audit --no-fund
USER node
ENTRYPOINT ["node", "cloud/cli/bin/gridpact.mjs"]
CMD ["--help"]
