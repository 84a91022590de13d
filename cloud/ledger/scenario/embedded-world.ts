import { collections, contractsVerifyingWith } from "@gridpact/contracts";
import { nodeDisk, type SeededRandom, SimulatedDisk, silentLog, VirtualClock } from "@gridpact/host";
import { openSignatureVerifier } from "@gridpact/native";
import {
  CHAINCODE_NAME,
  type Consortium,
  EmbeddedGateway,
  EmbeddedLedger,
  GatewayLedger,
  inProcessClient,
} from "../src/index.ts";
import { testNetwork } from "../test/network.ts";
import type { ScenarioWorld } from "./world.ts";

/** A day of the demonstration's winter, before dawn. */
const START_UNIX_MS = Date.parse("2016-01-28T03:00:00Z");

/** With whose signatures make its blocks. */
export type EmbeddedWorld = ScenarioWorld & { consortium: Consortium };

/**
 * The embedded ledger in this process, on a virtual clock.
 * @param directory on the machine's disk; without it the disk is a simulated one
 */
export async function openEmbeddedWorld(random: SeededRandom, directory?: string): Promise<EmbeddedWorld> {
  const clock = new VirtualClock(START_UNIX_MS);
  const network = testNetwork({ random: random.fork("network"), clock });
  const disk = directory === undefined ? new SimulatedDisk(random.fork("disk")) : nodeDisk(directory);
  const onFatal = (error: unknown) => {
    throw error;
  };
  const ledger = await EmbeddedLedger.open(
    {
      ...network,
      chaincodes: [{ name: CHAINCODE_NAME, contracts: contractsVerifyingWith(openSignatureVerifier()), collections }],
    },
    { disk, clock, random: random.fork("ledger"), log: silentLog, onFatal },
  );
  const client = inProcessClient(new EmbeddedGateway(ledger, { clock }));
  const modules = { random: random.fork("clients"), clock };
  return {
    name: "embedded",
    consortium: network.consortium,
    random,
    clock,
    setTime: async (unixMs) => void (await clock.advanceTo(unixMs)),
    issue: (request) => network.issue({ ...request, kind: "client" }),
    clientOf: (identity) => new GatewayLedger({ client, identity }, modules),
    caughtUp: async () => undefined,
    cpuMs: () => ({ clients: ownCpuMs() }),
    close: () => ledger.close(),
  };
}

/** Processor time of this process so far, ms. */
export function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
