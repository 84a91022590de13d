import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import { keptPerMille } from "@gridpact/broker";
import { repeat, wallClock } from "@gridpact/host";
import { percentText } from "@gridpact/page/amounts.js";
import type { OpenAdrProfile } from "../parts/openadr-state.ts";
import { openPart, type PartContext } from "../parts/part.ts";
import { noteLastSeen } from "../process/clock-file.ts";
import { openDataDirectory } from "../process/data-directory.ts";
import { claimRun, refuseIfRunning } from "../process/sole-run.ts";
import { untilSignal } from "../process/until-signal.ts";
import { dayNotes } from "../story/day-notes.ts";
import { brokenEquations, type DaySummary, type NodeBalance } from "../story/summary.ts";
import { VN_IDS } from "../wiring/market.ts";
import { dayFacts } from "./day-facts.ts";
import { openAccounts } from "./open-accounts.ts";
import { OperatorClient } from "./operator-client.ts";
import { playStory } from "./play-story.ts";
import { prepare } from "./prepare.ts";
import { publishDsoEvent } from "./publish-dso-event.ts";
import { euro, kilowattHours, Screen } from "./screen.ts";
import { startStoryClock } from "./start-story-clock.ts";
import { System } from "./system.ts";

/** As `gridpact demo` takes them; defaults are the command's. */
export type DemoOptions = {
  dataPath: string;
  isFresh: boolean;
  isOnce: boolean;
  /** Minutes of the played day in a minute of the machine's. */
  speed: number;
  /** 0 for any free port. */
  operatorPort: number;
  jsonPath?: string;
  /** The profile of OpenADR that the day's event and requests travel by. */
  profile: OpenAdrProfile;
  influxdbUrl?: string;
};

/** After a signal that ended the story early, as shells report it. */
const EXIT_INTERRUPTED = 130;

const NOTE_PERIOD_MS = 1_000;

/** Starts everything, plays the story, then keeps running until it is asked to end. Resolves to the exit code. */
export async function runDemo(options: DemoOptions, write: (text: string) => void): Promise<number> {
  const wall = wallClock();
  const startedUnixMs = wall.nowUnixMs();
  refuseIfRunning(options.dataPath);
  const data = openDataDirectory(options.dataPath, { isFresh: options.isFresh });
  claimRun(data);
  startStoryClock(data, options.speed);
  prepare(data, []);
  const context = openPart("demo", data, { host: "127.0.0.1", advertisedHost: "127.0.0.1", port: 0 });
  const screen = new Screen(write, () => context.clock.nowUnixMs());
  const { influxdbUrl, operatorPort, profile } = options;
  const system = new System({ data, operatorPort, profile, ...(influxdbUrl && { influxdbUrl }) });
  const asked = untilSignal();
  const note = async () => noteLastSeen(data, context.clock);
  const notes = repeat({ clock: wall, periodMs: NOTE_PERIOD_MS, task: note, onError: () => true });
  try {
    const played = play(
      { context, screen, system, profile, speed: options.speed },
      () => (wall.nowUnixMs() - startedUnixMs) / 1_000,
    );
    const summary = await Promise.race([played, asked.then(() => undefined)]);
    if (summary === undefined) return EXIT_INTERRUPTED;
    if (options.jsonPath !== undefined) writeFileSync(options.jsonPath, `${JSON.stringify(summary, null, 2)}\n`);
    const faults = showSummary(summary, screen, options.speed);
    await showWhereNext(summary, { context, screen, system });
    if (!options.isOnce) {
      screen.plain(
        "\nEverything keeps running with live readings. Ctrl-C ends it; `npm start` then goes on from there.",
      );
      const contractId = `${summary.seed}.${VN_IDS[0]}`;
      screen.plain(
        `  npx gridpact dispute show ${contractId} --data ${rootOf(data)}   what is held back, and until when`,
      );
      await asked;
    }
    // A day without a contract is in order, and has shown nothing of what it is played for.
    return faults.length === 0 && summary.contracts.length > 0 ? 0 : 1;
  } finally {
    notes.cancel();
    noteLastSeen(data, context.clock);
    screen.plain("\nending: devices, virtual nodes, aggregator, DSO, ledger");
    await system.stop();
  }
}

function rootOf(data: PartContext["data"]): string {
  return relative(process.cwd(), data.root) || ".";
}

async function agentPageOf(system: System, vnId: string): Promise<string> {
  return `http://127.0.0.1:${await system.portOf(`vn-${vnId}`, "page")}/`;
}

type Stage = { context: PartContext; screen: Screen; system: System };

async function play(
  { context, screen, system, profile, speed }: Stage & { profile: OpenAdrProfile; speed: number },
  seconds: () => number,
): Promise<DaySummary> {
  screen.heading("Gridpact: one event-response day, from signed reading to paid prosumer");
  const clock = context.clock;
  const beforeServersUnixMs = clock.nowUnixMs();
  await system.startServers();
  const serverStartMs = clock.nowUnixMs() - beforeServersUnixMs;
  const operatorPort = await system.portOf("aggregator", "operator");
  screen.tell("embedded ledger, DSO, aggregator and two virtual nodes run");
  screen.tell(`live page: http://127.0.0.1:${operatorPort}/`);
  for (const vnId of VN_IDS) screen.tell(`page of ${vnId}: ${await agentPageOf(system, vnId)}`);
  await openAccounts(context);
  screen.tell("accounts are opened; each FEID makes its key, enrols and back-fills its signed history");
  const story = await playStory(`event-${clock.nowUnixMs()}`, {
    serverStartMs,
    speed,
    system,
    clock,
    screen,
    operator: async () => new OperatorClient(operatorPort),
    publish: async (event) => {
      const ports = { vtn: await system.portOf("dso", "vtn"), admin: await system.portOf("dso", "admin") };
      await publishDsoEvent(event, { profile, ports }, context);
    },
  });
  screen.tell("the event is over, and what came of it is paid; receipts are being written");
  return dayFacts(story, { context, system, seconds: Math.round(seconds() * 10) / 10 });
}

/** A node's own balance, beside what would have been without it. */
function balanceRows(node: NodeBalance): [string, string][] {
  const [surplusWh, keptWh, unmovedKeptWh] = [node.surplusWh, node.keptWh, node.unmovedKeptWh].map(BigInt);
  const kept = (wh = 0n) => percentText(keptPerMille(wh, surplusWh ?? 0n));
  return [
    [`${node.vnId}: surplus of members`, kilowattHours(surplusWh ?? 0n)],
    ["  kept at its feeder, without balancing", `${kept(keptWh)}, ${kept(unmovedKeptWh)}`],
    ["  highest import, without balancing", `${node.peakW} W, ${node.unmovedPeakW} W`],
  ];
}

/** Prints the figures, and gives what is not in order in them. */
function showSummary(summary: DaySummary, screen: Screen, speed: number): string[] {
  const { readings, anchors, balance, event, money, contracts, ledger, receipts, seconds, feids } = summary;
  screen.heading(`The day in figures (${seconds} s)`);
  screen.table([
    ["devices at virtual nodes", `${feids} at ${VN_IDS.length}`],
    ["readings sent = acknowledged", readings.acked],
    ["  stored + rejected", `${readings.stored} + ${readings.rejected}`],
    ["Merkle batches anchored, leaves", `${anchors.batches}, ${anchors.leaves}`],
    ["requested", kilowattHours(BigInt(event.requestedWh))],
    ["  delivered", kilowattHours(BigInt(event.deliveredWh))],
    ["    of it re-arranged or by fallback", kilowattHours(BigInt(event.rearrangedWh))],
    ["  deficient", kilowattHours(BigInt(event.deficientWh))],
    ["outcome", event.outcome],
    ...contracts.map(({ vnId, role, outcome, devices }): [string, string] => [
      `  ${vnId} (${role}): ${devices.success} devices in full, ${devices.partial} in part, ${devices.failure} not`,
      outcome,
    ]),
    ...balance.flatMap(balanceRows),
    ["locked in escrow", euro(BigInt(money.escrowedMicro))],
    ["  paid for delivery", euro(BigInt(money.paidMicro))],
    ["  penalties", euro(BigInt(money.penaltyMicro))],
    ["  returned", euro(BigInt(money.returnedMicro))],
    ["receipts", String(receipts.length)],
    ["ledger height", String(ledger.height)],
  ]);
  const faults = brokenEquations(summary);
  for (const fault of faults) screen.plain(`  NOT IN ORDER: ${fault}`);
  if (faults.length === 0) screen.plain("  All equations hold.");
  for (const note of dayNotes(summary, speed)) screen.plain(`  ${note}`);
  return faults;
}

async function showWhereNext(summary: DaySummary, { context, screen, system }: Stage): Promise<void> {
  const operatorPort = await system.portOf("aggregator", "operator");
  screen.heading("Where to look next");
  const root = rootOf(context.data);
  screen.plain(`  npx gridpact verify ${root}/receipts   checks every receipt, offline`);
  screen.plain(`  npx gridpact audit --data ${root}   recomputes every payment from the ledger's blocks`);
  screen.plain(`  npx gridpact explain ${summary.seed} --data ${root}   says why each prosumer was called or not`);
  for (const vnId of VN_IDS)
    screen.plain(`  ${await agentPageOf(system, vnId)}   forecasts, agent states, choices of ${vnId}`);
  screen.plain(`  http://127.0.0.1:${operatorPort}/   live page; its API is described at /openapi.json`);
  screen.plain(
    `  http://127.0.0.1:${operatorPort}/receipts/   checks receipts in the browser; drop ${root}/receipts on it`,
  );
}
