import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeDisk, SeededRandom, silentLog, systemRandom, wallClock } from "@gridpact/host";
import { EmbeddedGateway } from "../src/embedded/index.ts";
import { inProcessClient } from "../src/gateway/index.ts";
import { GatewayLedger, type GatewayLedgerOptions, runEmbeddedLedger } from "../src/index.ts";
import { CounterContract } from "../test/network.ts";
import { grpcClient, servedNetwork } from "../test/served-network.ts";

/** `in-process` leaves out gRPC and TLS, so that what they cost can be told. */
export type LedgerBenchOptions = {
  transport: "in-process" | "grpc";
  transactions: number;
  /** Transactions under way at a time. */
  concurrency: number;
};

/** Latency is from proposal to commit status, as the client sees it. */
export type LedgerBenchResult = LedgerBenchOptions & {
  transactionsPerSecond: number;
  latencyMsP50: number;
  latencyMsP95: number;
  blocks: number;
  /** Of the last block: so that no work can be optimised away. */
  headHashHex: string;
};

/**
 * Commits transactions of a small contract, each with its own key, from proposal to commit status on a real disk. The
 * client runs in the ledger's own process and thread, so the numbers are those of both together.
 */
export async function benchLedger(options: LedgerBenchOptions): Promise<LedgerBenchResult> {
  const directory = await mkdtemp(join(tmpdir(), "gridpact-ledger-bench-"));
  const clock = wallClock();
  const served = servedNetwork(new SeededRandom("bench"));
  const running = await runEmbeddedLedger(
    {
      ...served.network,
      chaincodes: [{ name: "gridpact", contracts: [CounterContract] }],
      gateway: { host: "127.0.0.1", port: 0, tls: served.tls },
    },
    { disk: nodeDisk(directory), clock, random: systemRandom, log: silentLog, onFatal: rethrow },
  );
  const grpc = grpcClient(served, running.port);
  const inProcess = inProcessClient(new EmbeddedGateway(running.ledger, { clock }));
  const client: GatewayLedgerOptions["client"] = options.transport === "grpc" ? grpc : inProcess;
  const ledger = new GatewayLedger({ client, identity: served.user }, { random: systemRandom, clock });
  try {
    await ledger.execute("counter:Add", { key: "warm" });
    const { seconds, latenciesMs } = await load(ledger, options);
    return {
      ...options,
      transactionsPerSecond: Math.round(options.transactions / seconds),
      latencyMsP50: quantile(latenciesMs, 0.5),
      latencyMsP95: quantile(latenciesMs, 0.95),
      blocks: running.ledger.channel.height(),
      headHashHex: Buffer.from(running.ledger.channel.headHash()).toString("hex"),
    };
  } finally {
    grpc.close();
    await running.close();
    await rm(directory, { recursive: true });
  }
}

async function load(ledger: GatewayLedger, { transactions, concurrency }: LedgerBenchOptions) {
  const latenciesMs: number[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < transactions; index = next++) {
      const startedAt = performance.now();
      await ledger.execute("counter:Add", { key: `key ${index}` });
      latenciesMs.push(performance.now() - startedAt);
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: concurrency }, worker));
  return { seconds: (performance.now() - startedAt) / 1000, latenciesMs };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return Number((sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(2));
}

function rethrow(error: unknown): never {
  throw error;
}
