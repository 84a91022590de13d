import { createHash } from "node:crypto";
import type { DrEvent } from "@gridpact/aggregator";
import { readBalance } from "@gridpact/broker";
import { type FeidDescription, loadFleet } from "@gridpact/edge";
import { SeededRandom } from "@gridpact/host";
import { RECEIPT_CHARS_MAX, unpackReceipt } from "@gridpact/ledger/receipts";
import { isRejected } from "@gridpact/proto";
import { contractOutcomes } from "../story/contract-outcomes.ts";
import { HISTORY_FROM_UNIX_MS, STORY_DAY_UNIX_MS, STORY_UNITS, storyEvent, storyFaults } from "../story/plan-story.ts";
import { type DaySummary, NO_RESTARTS, type NodeBalance, nodeBalance, summarise } from "../story/summary.ts";
import { unservedRequests } from "../story/unserved.ts";
import { MTU_MS, OPENING_BALANCE_MICRO, VN_IDS } from "../wiring/market.ts";
import { CRASH_LEAD_MS, drawFaults, NO_FAULTS, scheduleCrashes } from "./fault-plan.ts";
import { readingCountOf } from "./reading-tally.ts";
import { type SimulatedNode, subdirectory } from "./simulated-node.ts";
import { World, type WorldOptions } from "./world.ts";

/** Whatever is left out is as in the demonstration. */
export type PlayOptions = {
  seed: string;
  /** Whether messages get lost and processes crash, by seed. */
  hasFaults: boolean;
  /** Some devices of the fleet; all when left out. */
  deviceIds?: readonly string[];
  readingPeriodMs?: number;
  /** See `VnAgentOptions`. */
  consentsTogetherMin?: number;
  /** See `WorldOptions`. */
  evidenceOf?: WorldOptions["evidenceOf"];
  describedAs?: WorldOptions["describedAs"];
  onProgress?: (line: string) => void;
  /** See `WorldOptions`. */
  feeder?: string;
  /** What happens between the end of the event and that of the day. */
  afterEvent?: (world: World) => Promise<void>;
};

/** One simulated day, with the receipts it ended in. */
export type PlayedDay = { summary: DaySummary; receipts: Map<string, string>; world: World };

/** The day does not come to its end: something is stuck. */
export class DayNotOverError extends Error {
  readonly code = "DAY_NOT_OVER";

  constructor(reason: string) {
    super(reason);
    this.name = "DayNotOverError";
  }
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

const READING_PERIOD_MS_DEFAULT = 5 * MINUTE_MS;

/** 08:00: everything starts and back-fills; 10:00: the event. */
const START_UNIX_MS = STORY_DAY_UNIX_MS + 8 * HOUR_MS;
const EVENT_START_UNIX_MS = STORY_DAY_UNIX_MS + 10 * HOUR_MS;
const EVENT_END_UNIX_MS = EVENT_START_UNIX_MS + STORY_UNITS * MTU_MS;
const PLAN_AT_UNIX_MS = EVENT_START_UNIX_MS - HOUR_MS;

/** With every crash and time-out that a seed can draw, a day is settled within this time after its event. */
const SETTLED_WITHIN_MS = 6 * HOUR_MS;

const EVENT_ID = "story-1";

/** Plays the story on a virtual clock: the same seed gives the same history, to the last byte of the ledger. */
export async function playDay(options: PlayOptions): Promise<PlayedDay> {
  const random = new SeededRandom(options.seed);
  const plan = options.hasFaults ? drawFaults(random.fork("faults")) : NO_FAULTS;
  const fleet = chosenFleet(options);
  const world = new World({
    seed: options.seed,
    startUnixMs: START_UNIX_MS,
    historyFromUnixMs: HISTORY_FROM_UNIX_MS,
    readingPeriodMs: options.readingPeriodMs ?? READING_PERIOD_MS_DEFAULT,
    network: plan.network,
    ...(options.feeder && { feeder: options.feeder }),
    ...(options.deviceIds && { deviceIds: options.deviceIds }),
    ...(options.consentsTogetherMin !== undefined && { consentsTogetherMin: options.consentsTogetherMin }),
    ...(options.evidenceOf && { evidenceOf: options.evidenceOf }),
    ...(options.describedAs && { describedAs: options.describedAs }),
    faultsOf: (device) => storyFaults(device, { startUnixMs: EVENT_START_UNIX_MS, fleet }),
  });
  await world.start();
  await openAccounts(world, fleet);
  scheduleCrashes(world, plan, { fromUnixMs: EVENT_START_UNIX_MS - CRASH_LEAD_MS, toUnixMs: EVENT_END_UNIX_MS });
  await world.clock.advanceTo(PLAN_AT_UNIX_MS);
  await publishEvent(world, options);
  const event = await untilCompleted(world, options);
  await options.afterEvent?.(world);
  await drain(world);
  const receipts = await receiptsOf(world);
  return { summary: await summaryOf(world, { event, seed: options.seed, receipts }), receipts, world };
}

function chosenFleet({ deviceIds }: PlayOptions): FeidDescription[] {
  const fleet = loadFleet();
  return deviceIds === undefined ? fleet : fleet.filter(({ deviceId }) => deviceIds.includes(deviceId));
}

/** Mints what the accounts hold at first. */
async function openAccounts(world: World, fleet: readonly FeidDescription[]): Promise<void> {
  const ledger = world.ledger.clientOf("administrator", world.clock);
  const mint = (accountId: string, amountMicro: bigint) => ledger.execute("accounts:Mint", { accountId, amountMicro });
  const minting = (async () => {
    await mint("aggregator", OPENING_BALANCE_MICRO.aggregator);
    for (const vnId of VN_IDS) await mint(`vn:${vnId}`, OPENING_BALANCE_MICRO.virtualNode);
    for (const { deviceId } of fleet) await mint(`feid:${deviceId}`, OPENING_BALANCE_MICRO.device);
  })();
  await world.clock.advanceTo(START_UNIX_MS + MINUTE_MS);
  await minting;
}

async function publishEvent(world: World, { onProgress }: PlayOptions): Promise<void> {
  for (let attempt = 0; attempt < 30; attempt++) {
    const core = world.aggregator.core();
    const district = core?.virtualNodes().find(({ vnId }) => vnId === "district")?.heartbeat?.profile;
    if (core !== undefined && district !== undefined) {
      const { reduceWMax } = district;
      onProgress?.(`the district could reduce ${reduceWMax} W`);
      world.dso.publish(storyEvent({ eventId: EVENT_ID, startUnixMs: EVENT_START_UNIX_MS, reduceWMax }));
      return;
    }
    await world.clock.advanceTo(world.clock.nowUnixMs() + MINUTE_MS);
  }
  throw new DayNotOverError("the district's heartbeat never reached the aggregator");
}

async function untilCompleted(world: World, { onProgress }: PlayOptions): Promise<DrEvent> {
  const deadlineUnixMs = EVENT_END_UNIX_MS + SETTLED_WITHIN_MS;
  let shown = "";
  while (world.clock.nowUnixMs() < deadlineUnixMs) {
    await world.clock.advanceTo(world.clock.nowUnixMs() + MINUTE_MS);
    const event = world.aggregator.core()?.event(EVENT_ID);
    const line = event === undefined ? shown : describe(event);
    if (line !== shown) onProgress?.(`${new Date(world.clock.nowUnixMs()).toISOString().slice(11, 16)} ${line}`);
    shown = line;
    if (event?.result != null) return event;
  }
  throw new DayNotOverError(`the event was not completed in time: ${shown}`);
}

function describe(event: DrEvent): string {
  return event.requests
    .map(({ request, role, state, reports }) => `${request.vnId} (${role}) ${state}, ${reports.length} reports`)
    .join("; ");
}

/** Waits until every device has sent everything and every receipt is written, then stops the devices. */
async function drain(world: World): Promise<void> {
  for (let minute = 0; minute < 120; minute++) {
    await world.clock.advanceTo(world.clock.nowUnixMs() + MINUTE_MS);
    if (world.devices.every((device) => device.isDrained()) && (await haveAllReceipts(world))) break;
  }
  const stopped = Promise.all(world.devices.map((device) => device.stop()));
  await world.clock.advanceTo(world.clock.nowUnixMs() + MINUTE_MS);
  await stopped;
}

async function haveAllReceipts(world: World): Promise<boolean> {
  return world.nodes.every((node) => node.isAtRest());
}

async function receiptsOf(world: World): Promise<Map<string, string>> {
  const receipts = new Map<string, string>();
  for (const node of world.nodes) {
    for (const name of await node.disk.list("agent/receipts")) {
      const file = (await node.disk.read(`agent/receipts/${name}`)) ?? new Uint8Array();
      receipts.set(`${node.vnId}/${name}`, Buffer.from(unpackReceipt(file, RECEIPT_CHARS_MAX)).toString());
    }
  }
  return receipts;
}

async function summaryOf(
  world: World,
  { event, seed, receipts }: { event: DrEvent; seed: string; receipts: Map<string, string> },
): Promise<DaySummary> {
  if (event.result === null) throw new DayNotOverError("the event has no result");
  const readings = { sent: world.tally.sent(), acked: world.tally.acked(), ...(await loggedReadings(world.nodes)) };
  const counts = world.nodes.map((node) => node.node()?.counts().anchor);
  const sum = (pick: (count: NonNullable<(typeof counts)[number]>) => number | bigint) =>
    counts.reduce((total, count) => total + (count === undefined ? 0 : Number(pick(count))), 0);
  const ledger = world.ledger.clientOf("auditor", world.clock);
  const asked = Promise.all([ledger.chainInfo(), contractOutcomes(ledger, event)]);
  await world.clock.advanceTo(world.clock.nowUnixMs() + MINUTE_MS);
  const [{ height, currentBlockHash }, contracts] = await asked;
  return summarise({
    seed,
    seconds: 0,
    virtualNodes: world.nodes.length,
    feids: world.devices.length,
    readings,
    // The tally counts each reading once, whatever becomes of its device.
    restarts: NO_RESTARTS,
    anchors: { batches: sum((count) => count.anchoredBatches), leaves: sum((count) => count.anchoredLeaves) },
    balance: await balanceOf(world.nodes),
    result: event.result,
    contracts,
    unserved: unservedRequests(event),
    // Another event of the day is not in these figures.
    receipts: [...receipts.keys()].filter((path) => path.includes(`/${EVENT_ID}.`)),
    ledger: { height, headHash: Buffer.from(currentBlockHash).toString("hex") },
  });
}

async function balanceOf(nodes: readonly SimulatedNode[]): Promise<NodeBalance[]> {
  const balances: NodeBalance[] = [];
  for (const { vnId, disk } of nodes) {
    const report = await readBalance(subdirectory(disk, "agent"), MTU_MS);
    if (report !== undefined) balances.push(nodeBalance(vnId, report));
  }
  return balances;
}

/**
 * Readings in the virtual nodes' logs; a reading that stands twice in one would be counted twice. One whose
 * acknowledgement was lost before its device moved stands in both nodes' logs, and counts once.
 */
async function loggedReadings(nodes: readonly SimulatedNode[]): Promise<{ stored: number; rejected: number }> {
  const counts = { stored: 0, rejected: 0 };
  const elsewhere = new Set<string>();
  for (const node of nodes) {
    const log = (await node.log()).map((record) => ({ ...record, id: Buffer.from(record.bytes).toString("base64") }));
    for (const { verdict, bytes } of log.filter((record) => !elsewhere.has(record.id))) {
      counts[isRejected(verdict) ? "rejected" : "stored"] += readingCountOf(bytes);
    }
    for (const { id } of log) elsewhere.add(id);
  }
  return counts;
}

/** A short name of a history: equal days have equal ones. */
export function fingerprint({ summary, receipts }: PlayedDay): string {
  return createHash("sha256")
    .update(JSON.stringify([summary, ...receipts]))
    .digest("hex");
}
