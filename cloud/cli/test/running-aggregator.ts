/** An aggregator with its HTTP face on a data directory, as `gridpact aggregator` leaves it for other commands. */
import { AggregatorCore, AggregatorServer } from "@gridpact/aggregator";
import { nodeDisk, SeededRandom, silentLog, VirtualClock } from "@gridpact/host";
import { EvaluateError, type LedgerArgument } from "@gridpact/ledger";
import type { ProsumerSummary } from "@gridpact/proto";
import { consortiumMembers, makeConsortium, memberOf, validityFor } from "../src/consortium/consortium.ts";
import { privateKeyPem } from "../src/consortium/consortium-files.ts";
import type { DataDirectory } from "../src/process/data-directory.ts";
import { writeRunFile } from "../src/process/run-file.ts";

const NOW_UNIX_MS = Date.UTC(2016, 0, 28, 12);
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const EVENTS = 12;

/** Where each device is enrolled: members of a node miss the same events, so a plan parts them. */
const HOMES = new Map([
  ["a", "district"],
  ["b", "district"],
  ["c", "offices"],
  ["d", "offices"],
]);

export type RunningAggregator = { core: AggregatorCore; close: () => Promise<void> };

/** Runs it with two nodes on its registry; with `hasPlan` a plan of two moves stands. */
export async function runAggregator(data: DataDirectory, { hasPlan = true } = {}): Promise<RunningAggregator> {
  const clock = new VirtualClock(NOW_UNIX_MS);
  const ledger = { evaluate: readRegistry, chainInfo: unreachable };
  const core = await AggregatorCore.open(
    {},
    { clock, disk: nodeDisk(data.at("aggregator")), ledger, outbox: { execute: unreachable }, log: silentLog },
  );
  for (const vnId of new Set(HOMES.values())) {
    await core.enrolVirtualNode({ vnId, mspId: "VnMSP", priceMicroPerWh: 400n });
    if (hasPlan) await core.describeProsumers(vnId, membersOf(vnId));
  }
  await clock.advanceTo(NOW_UNIX_MS + HOUR_MS);
  await core.tick();
  const server = await serve(core);
  writeRunFile(data, "aggregator", { operator: server.operatorPort() }, "127.0.0.1");
  return { core, close: () => server.close() };
}

/** The registry of a ledger of which everything else is out of reach. */
async function readRegistry(name: string, argument: LedgerArgument): Promise<unknown> {
  const { deviceId = "" } = argument as { deviceId?: string };
  if (name !== "registry:GetDevice") return unreachable();
  return { vnId: HOMES.get(deviceId), publicKeyHex: "ab", state: "active" };
}

async function unreachable(): Promise<never> {
  throw new EvaluateError("", new Error("nobody answers"));
}

function membersOf(vnId: string): ProsumerSummary[] {
  const remainder = vnId === "district" ? 0 : 1;
  const events = Array.from({ length: EVENTS }, (_, event) => ({
    eventId: `e${event}`,
    startUnixMs: event * DAY_MS,
    promisedWh: 100,
    deliveredWh: event % 2 === remainder ? 0 : 100,
  }));
  const shape = { feeder: "f1", contractType: "reduction", capacityW: 5_000, wattPerKelvin: null, events };
  const own = [...HOMES].filter(([, home]) => home === vnId);
  return own.map(([prosumerId]) => ({ prosumerId, ...shape, dayW: new Array<number>(48).fill(500) }));
}

function serve(core: AggregatorCore): Promise<AggregatorServer> {
  const clock = new VirtualClock(NOW_UNIX_MS);
  const members = consortiumMembers([], ["localhost"]);
  const random = new SeededRandom("running aggregator");
  const identity = memberOf(
    makeConsortium(members, { random, clock, validity: validityFor([clock]) }),
    "aggregator-server",
  );
  const tls = { keyPem: privateKeyPem(identity), certificatePem: identity.certificatePem, clientAuthorityPems: [] };
  return AggregatorServer.listen(
    { vnApi: { host: "127.0.0.1", port: 0, tls }, operatorApi: { port: 0 } },
    { core, screenClock: new VirtualClock(0), log: silentLog },
  );
}
