import type { DrEvent, PlacedRequest } from "@gridpact/aggregator";
import type { DsoEvent } from "@gridpact/dr-openadr";
import type { Clock } from "@gridpact/host";
import { timeOf } from "@gridpact/page/amounts.js";
import type { DrReport } from "@gridpact/proto";
import { CliError } from "../cli-error.ts";
import { tooSlow } from "../story/day-notes.ts";
import { storyEvent, storyWords } from "../story/plan-story.ts";
import { NO_RESTARTS, type Restarts } from "../story/summary.ts";
import { MTU_MS } from "../wiring/market.ts";
import type { OperatorClient } from "./operator-client.ts";
import { kilowattHours, type Screen } from "./screen.ts";
import type { System } from "./system.ts";

export type StoryModules = {
  /** How long the servers took to start, on the market's clock. */
  serverStartMs: number;
  /** How much faster than real that clock runs, for advice. */
  speed: number;
  system: Pick<System, "startFeids" | "stopFeids" | "fleetStatus" | "until">;
  clock: Clock;
  screen: Screen;
  operator: () => Promise<Operator>;
  /** Makes the event at the DSO. */
  publish: (event: DsoEvent) => Promise<void>;
};

type Operator = Pick<OperatorClient, "virtualNodes" | "event">;

/**
 * Time on the market's clock between the devices' start and the event: they enrol, back-fill and are anchored in it.
 * A slow machine that needs longer gets twice as much at the next try.
 */
const LEAD_MS_FIRST = 105 * 60_000;
const LEAD_TRIES_MAX = 4;

/** Devices take about this many times as long as the servers, whose start has been seen by now. */
const LEAD_PER_SERVER_START = 2;

/**
 * Request, contracts and consents need this much of it; half is the node's, to forecast its devices and answer in. It
 * doubles with the whole: a machine that was late with the one is late with the other.
 */
const PLAN_LEAD_MS = 60 * 60_000;

/** An event with its result, and how often the devices were started anew on the way to it. */
export type Story = { event: DrEvent; restarts: Restarts };

/** Plays one event from plan to payment on a system whose servers run. */
export async function playStory(eventId: string, modules: StoryModules): Promise<Story> {
  const { screen } = modules;
  const operator = await modules.operator();
  const { startUnixMs, reduceWMax, restarts } = await startDevicesInTime(operator, modules);
  screen.tell(`district could reduce ${Math.round(reduceWMax / 1_000)} kW now`);
  const plan = storyEvent({ eventId, startUnixMs, reduceWMax });
  await modules.publish(plan);
  const requested = plan.requestedWh.reduce((sum, wh) => sum + wh, 0n);
  screen.tell(`DSO publishes an OpenADR event: ${kilowattHours(requested)} less from ${timeOf(startUnixMs)}`);
  screen.tell(storyWords(startUnixMs));
  return { event: await follow(eventId, operator, modules), restarts };
}

type Ready = { startUnixMs: number; reduceWMax: number; restarts: Restarts };

/**
 * Starts the devices for an event that is far enough away, and farther when they, or the ledger that has to learn of
 * them, were not ready for it: a node that is asked late answers late, and then nothing comes of the whole event.
 */
async function startDevicesInTime(operator: Operator, modules: StoryModules): Promise<Ready> {
  const { system, clock, screen, serverStartMs, speed } = modules;
  const restarts = { ...NO_RESTARTS };
  for (; restarts.count < LEAD_TRIES_MAX; restarts.count += 1) {
    const slowness = 2 ** restarts.count;
    const planLeadMs = PLAN_LEAD_MS * slowness;
    const leadMs = Math.max(LEAD_MS_FIRST, PLAN_LEAD_MS + serverStartMs * LEAD_PER_SERVER_START) * slowness;
    const startUnixMs = Math.ceil((clock.nowUnixMs() + leadMs) / MTU_MS) * MTU_MS;
    const isInTime = () => clock.nowUnixMs() < startUnixMs - planLeadMs;
    await system.startFeids(startUnixMs);
    await historySent(modules);
    const reduceWMax = isInTime() ? await districtOffer(operator, system) : 0;
    if (isInTime()) return { startUnixMs, reduceWMax, restarts };
    screen.tell("that took too long for the planned event; the devices start again for a later one");
    const ended = await system.stopFeids();
    const before = restarts.readingsAckedBefore;
    restarts.readingsAckedBefore = before === null || ended === undefined ? null : before + ended.readingsAcked;
  }
  throw new CliError("STORY_LATE", tooSlow(speed));
}

async function historySent({ system, screen }: StoryModules): Promise<void> {
  const status = await system.until("the back-filled history", async () => {
    const now = await system.fleetStatus();
    if (now.failed.length > 0) throw new CliError("PROCESS_ENDED", `devices failed: ${now.failed.join("; ")}`);
    return now.running === now.devices && now.envelopesWaiting < now.devices ? now : undefined;
  });
  screen.tell(`${status.running} FEIDs run; ${status.readingsAcked} readings verified, durable and acknowledged`);
}

/**
 * What the district could reduce once the ledger knows every device: only those can be given a contract, and a plan
 * made before would leave the others out.
 */
async function districtOffer(operator: Operator, system: StoryModules["system"]): Promise<number> {
  const { devices } = await system.fleetStatus();
  return system.until("the district's offer", async () => {
    const profiles = (await operator.virtualNodes()).flatMap(({ heartbeat }) => heartbeat?.profile ?? []);
    const registered = profiles.reduce((sum, { feidCount }) => sum + feidCount, 0);
    if (registered < devices) return undefined;
    return profiles.find(({ vnId }) => vnId === "district")?.reduceWMax || undefined;
  });
}

async function follow(eventId: string, operator: Operator, { system, screen }: StoryModules): Promise<DrEvent> {
  const told = new Set<string>();
  const tellOnce = (text: string) => {
    if (!told.has(text)) screen.tell(text);
    told.add(text);
  };
  return system.until("the event's completion", async () => {
    const event = await operator.event(eventId);
    if (event === undefined) return undefined;
    tellOnce("aggregator takes it on, by its decision support");
    for (const line of storyLines(event)) tellOnce(line);
    return event.result === null ? undefined : event;
  });
}

/** All that can be said of an event by now; what was said before is left out by the caller. */
function storyLines(event: DrEvent): string[] {
  return event.requests.flatMap((placed) =>
    [askedLine(placed), ...answerLines(placed), ...placed.reports.map((report) => reportLine(placed, report))].map(
      (line) => `${placed.request.vnId}: ${line}`,
    ),
  );
}

function askedLine({ request, role }: PlacedRequest): string {
  return `asked for ${kilowattHours(request.orderedWh.reduce((sum, wh) => sum + wh, 0n))} (${role})`;
}

function answerLines({ response, state, inPlaceOf }: PlacedRequest): string[] {
  if (response === null) return [];
  if (!response.isAccepted) return [`refuses (${response.reason})`];
  const lines = ["accepts; baselines and plan go on the ledger"];
  const madeBy = inPlaceOf === undefined ? "is set up" : `is made by calling the fallback of ${inPlaceOf}`;
  if (state === "contracted" || state === "completed") lines.push(`SC1 ${madeBy}, money is locked`);
  if (state === "completed") lines.push("settled and paid");
  return lines;
}

function reportLine({ request }: PlacedRequest, { intervalIndex, deliveredWh, shortfallWh }: DrReport): string {
  const start = request.intervals[intervalIndex]?.startUnixMs ?? 0;
  const short = shortfallWh > 0n ? `, ${kilowattHours(shortfallWh)} short` : "";
  return `${timeOf(start)} delivered ${kilowattHours(deliveredWh)}${short}`;
}
