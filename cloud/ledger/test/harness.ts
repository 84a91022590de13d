import { nodeDisk, SeededRandom, SimulatedDisk, silentLog, VirtualClock } from "@gridpact/host";
import { GatewayLedger } from "../src/client/index.ts";
import { EmbeddedGateway, EmbeddedLedger, type EmbeddedLedgerOptions } from "../src/embedded/index.ts";
import { inProcessClient } from "../src/gateway/index.ts";
import { CounterContract, type TestIdentity, type TestNetwork, testNetwork } from "./network.ts";

export const START_UNIX_MS = Date.parse("2016-01-28T00:00:00Z");

export type Harness = {
  clock: VirtualClock;
  disk: SimulatedDisk;
  random: SeededRandom;
  network: TestNetwork;
  ledger: EmbeddedLedger;
  gateway: EmbeddedGateway;
  user: TestIdentity;
  client: GatewayLedger;
  fatal: unknown[];
  clientOf(identity: TestIdentity): GatewayLedger;
  /** The same directory, or another one of the machine, opened by a new process. */
  reopen(directoryOnMachine?: string): Promise<Harness>;
};

export type HarnessOptions = Partial<EmbeddedLedgerOptions> & { seed?: string; directoryOnMachine?: string };

/** An embedded ledger on a virtual clock and a simulated disk, with one VN operator as its user. */
export async function openHarness(options: HarnessOptions = {}): Promise<Harness> {
  const random = new SeededRandom(options.seed ?? "ledger");
  const clock = new VirtualClock(START_UNIX_MS);
  const disk = new SimulatedDisk(random.fork("disk"));
  const network = testNetwork({ random: random.fork("network"), clock });
  const user = network.issue({ mspId: "VnMSP", commonName: "vn", kind: "client", attributes: { role: "vn" } });
  return open({ random, clock, disk, network, user }, options, 0);
}

type Fixed = Pick<Harness, "random" | "clock" | "disk" | "network" | "user">;

async function open(fixed: Fixed, options: HarnessOptions, generation: number): Promise<Harness> {
  const { random, clock, disk, network, user } = fixed;
  const { seed: _, directoryOnMachine, ...ledgerOptions } = options;
  const fatal: unknown[] = [];
  const ledger = await EmbeddedLedger.open(
    { ...network, chaincodes: [{ name: "gridpact", contracts: [CounterContract] }], ...ledgerOptions },
    {
      disk: directoryOnMachine === undefined ? disk : nodeDisk(directoryOnMachine),
      clock,
      random: random.fork(`ledger${generation}`),
      log: silentLog,
      onFatal: (error) => fatal.push(error),
    },
  );
  const gateway = new EmbeddedGateway(ledger, { clock });
  let clients = 0;
  const clientOf = (identity: TestIdentity) =>
    new GatewayLedger(
      { client: inProcessClient(gateway), identity },
      { random: random.fork(`client${generation}.${clients++}`), clock },
    );
  return {
    ...fixed,
    ledger,
    gateway,
    client: clientOf(user),
    fatal,
    clientOf,
    reopen: (directory = directoryOnMachine) =>
      open(fixed, { ...options, ...(directory !== undefined && { directoryOnMachine: directory }) }, generation + 1),
  };
}

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
