import { collections, contracts } from "@gridpact/contracts";
import { SeededRandom, SimulatedDisk, silentLog, VirtualClock } from "@gridpact/host";
import {
  CHAINCODE_NAME,
  EmbeddedGateway,
  EmbeddedLedger,
  GatewayLedger,
  type GatewayService,
  GatewayStatusError,
  inProcessClient,
} from "../../src/index.ts";
import { testNetwork } from "../../test/network.ts";
import { ownCpuMs } from "../embedded-world.ts";
import type { ScenarioWorld } from "../world.ts";
import { brokenView } from "./broken-view.ts";
import { CutError, type Fault, FaultPoint } from "./fault-point.ts";

const START_UNIX_MS = Date.parse("2016-01-28T03:00:00Z");

/** How long a ledger that crashed is away, on its own clock. */
const LEDGER_DOWN_MS = 5_000;

/** gRPC statuses: what a client sees of a cut connection, and of a contract that broke off. */
const UNAVAILABLE = 14;
const ABORTED = 10;

/** A world whose fault comes once and only while it is armed. */
export type BreakableWorld = ScenarioWorld & {
  clock: VirtualClock;
  /** From here on the fault may come. */
  arm(): void;
  disarm(): void;
  /** Calls so far of what the fault is about. */
  calls(): number;
  hasHappened(): boolean;
};

/** The embedded ledger with its disk, its gateway and its contracts, of which one may break at one call. */
export async function openBreakableWorld(seed: string, fault: Fault | undefined): Promise<BreakableWorld> {
  const random = new SeededRandom(seed);
  const clock = new VirtualClock(START_UNIX_MS);
  const disk = new SimulatedDisk(random.fork("disk"));
  const network = testNetwork({ random: random.fork("network"), clock });
  let generation = 0;
  let isDown = false;
  let service: GatewayService | undefined;
  const crash = () => {
    isDown = true;
    disk.crash();
    clock.after(LEDGER_DOWN_MS, () => void start());
  };
  const point = new FaultPoint(fault, fault?.breaks === "ledger" ? crash : () => undefined);
  const start = async () => {
    const own = ++generation;
    const isDead = () => isDown || own !== generation;
    isDown = false;
    const seen = fault?.breaks === "ledger" ? brokenView(disk, point, isDead) : disk;
    const ledger = await EmbeddedLedger.open(
      { ...network, chaincodes: [{ name: CHAINCODE_NAME, contracts, collections }] },
      { disk: seen, clock, random: random.fork(`ledger ${own}`), log: silentLog, onFatal: () => undefined },
    );
    if (own === generation) service = new EmbeddedGateway(ledger, { clock });
  };
  await start();
  const reachable = unreliable(() => (isDown ? undefined : service), fault, point);
  const modules = { random: random.fork("clients"), clock };
  return {
    name: "embedded",
    random,
    clock,
    setTime: async (unixMs) => void (await clock.advanceTo(unixMs)),
    issue: (request) => network.issue({ ...request, kind: "client" }),
    clientOf: (identity) => new GatewayLedger({ client: inProcessClient(reachable), identity }, modules),
    caughtUp: async () => undefined,
    cpuMs: () => ({ clients: ownCpuMs() }),
    close: async () => undefined,
    arm: () => point.arm(),
    disarm: () => point.disarm(),
    calls: () => point.calls,
    hasHappened: () => point.hasHappened,
  };
}

/** The service as its clients reach it: not at all while it is down, and cut where the fault says so. */
function unreliable(
  current: () => GatewayService | undefined,
  fault: Fault | undefined,
  point: FaultPoint,
): GatewayService {
  const serviceNow = () => {
    const service = current();
    if (service === undefined) throw new GatewayStatusError(UNAVAILABLE, "no connection");
    return service;
  };
  const cut = async <T>(act: () => Promise<T>, status: number, isAffected: boolean): Promise<T> => {
    if (!isAffected) return act();
    return point.pass(act).catch((error: unknown) => {
      throw error instanceof CutError ? new GatewayStatusError(status, "broken off") : error;
    });
  };
  const isNetwork = fault === undefined || fault.breaks === "network";
  return {
    evaluate: (request) => cut(async () => serviceNow().evaluate(request), UNAVAILABLE, isNetwork),
    endorse: (request) => {
      const run = async () => serviceNow().endorse(request);
      const isChaincode = fault?.breaks === "chaincode";
      return cut(run, isChaincode ? ABORTED : UNAVAILABLE, isNetwork || isChaincode);
    },
    submit: (request) => cut(async () => serviceNow().submit(request), UNAVAILABLE, isNetwork),
    commitStatus: (request) => cut(async () => serviceNow().commitStatus(request), UNAVAILABLE, isNetwork),
    chaincodeEvents: (request) => serviceNow().chaincodeEvents(request),
  };
}
