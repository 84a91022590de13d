import { expect, it } from "vitest";
import { costShares } from "./cost-classes.ts";

const REPORT = `# Samples: 3K of event 'cycles'
# Overhead;Command;Shared Object;Symbol
40.00%;gridpact-engine;native-lanes.node;[.] ed25519_simd::wide::point::double
2.00%;gridpact-engine;native-lanes.node;[.] sha2::sha256::compress
3.00%;gridpact-engine;native-lanes.node;[.] gridpact_engine::wire::next
1.00%;gridpact-engine;libc.so.6;[.] malloc
4.00%;gridpact-engine;[kernel.kallsyms];[k] vfs_write
1.00%;gridpact-doorwa;native-lanes.node;[.] rustls::conn::process_new_packets
13.00%;V8Worker;node;[.] v8::internal::ConcurrentMarking::RunMajor
5.00%;MainThread;node;[.] aes_gcm_dec_256_kernel
31.00%;MainThread;node;[.] Builtins_LoadIC
`;

it("adds up samples by what the CPU was spent on", () => {
  const shares = costShares(REPORT);
  expect(Object.fromEntries(Object.entries(shares).map(([name, share]) => [name, Number(share.toFixed(4))]))).toEqual({
    signatures: 0.4,
    hashing: 0.02,
    "rest of the engine": 0.04,
    TLS: 0.06,
    kernel: 0.04,
    "garbage collection and compilation": 0.13,
    "JavaScript and Node.js": 0.31,
  });
});

it("finds nothing in what is no report", () => {
  expect(Object.values(costShares("perf: no data\n")).every((share) => share === 0)).toBe(true);
});
