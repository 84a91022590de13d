/**
 * Weeks of events in which members move between nodes as the aggregator proposes it: the aggregator's own plans, the
 * demonstration's prosumers, their usual days. Each working day every node promises what its members are expected to
 * deliver; members that share a hidden cause (a shift, a habit, a line) fail together. The same weeks are played once
 * more without moves, with the same luck.
 */
import { DEFAULT_CLUSTER_GUIDELINES, type NodeMembers, planClusters } from "@gridpact/aggregator";
import { describeResource, type FeidDescription, loadFleet } from "@gridpact/edge";
import { SeededRandom } from "@gridpact/host";

export type ClusterWeeksOptions = { seed: string; weeks: number };

/** What came of the weeks; errors are per mille of what was promised. */
export type ClusterWeeks = {
  prosumers: number;
  nodes: number;
  /** Moves carried out, and how many of them took a member back to a node that it had left. */
  moves: number;
  returns: number;
  /** Events that were judged: those after the first moves could be made. */
  events: number;
  /** Mean over nodes and events of |delivered - promised| / promised, per mille: members as first placed, and moved. */
  unmovedErrorPerMille: number;
  movedErrorPerMille: number;
};

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const EVENTS_PER_WEEK = 5;

/** Small nodes, so that a feeder has several and there is somewhere to move to. */
const GUIDELINES = { ...DEFAULT_CLUSTER_GUIDELINES, membersMin: 3, membersMax: 8 };

/** Weeks before the first judged one: the plan wants eight events before it moves anybody. */
const WEEKS_LEARNED = 2;

const CAUSES = 6;
/** A cause strikes in one event of four; its members then deliver a fifth. */
const CAUSE_STRIKES = { once: 1, in: 4 } as const;
const STRUCK_PER_MILLE = 200;
/** Without a cause members deliver nine tenths and more. */
const USUAL_PER_MILLE = { low: 900, span: 100 } as const;

/** What that comes to on average, and what a node that knows its members promises: misses go both ways then. */
const PROMISED_PER_MILLE = 762;

type Prosumer = { description: FeidDescription; capacityWh: number; cause: number };
type Delivery = { eventId: string; startUnixMs: number; promisedWh: number; deliveredWh: number };

/** Plays the weeks twice, with and without moves. */
export function playClusterWeeks({ seed, weeks }: ClusterWeeksOptions): ClusterWeeks {
  const random = new SeededRandom(seed);
  const prosumers = prosumersOf(random.fork("causes"));
  const events = eventsOf(prosumers, { weeks, random: random.fork("events") });
  const initial = initialNodes(prosumers);
  const moved = playWeeks(prosumers, { events, initial, weeks });
  const judged = weeksFrom(WEEKS_LEARNED, weeks);
  return {
    prosumers: initial.size,
    nodes: new Set(initial.values()).size,
    moves: moved.moves,
    returns: moved.returns,
    events: judged.length * EVENTS_PER_WEEK,
    unmovedErrorPerMille: meanError(
      judged.map((week) => ({ week, nodes: initial })),
      events,
    ),
    movedErrorPerMille: meanError(
      judged.map((week) => ({ week, nodes: moved.byWeek[week] ?? initial })),
      events,
    ),
  };
}

type Nodes = ReadonlyMap<string, string>;
type Events = ReadonlyMap<string, readonly Delivery[]>;

/** Devices of the district with something to reduce, each under one hidden cause. */
function prosumersOf(random: SeededRandom): Prosumer[] {
  const district = loadFleet().filter(({ vnId, resources }) => vnId === "district" && resources.length > 0);
  return district.map((description) => {
    const capacityW = description.resources.reduce((sum, spec) => sum + Number(describeResource(spec).reduceWMax), 0);
    return { description, capacityWh: Math.max(1, Math.round(capacityW / 4)), cause: random.below(CAUSES) };
  });
}

function eventsOf(prosumers: readonly Prosumer[], { weeks, random }: { weeks: number; random: SeededRandom }): Events {
  const byProsumer = new Map(prosumers.map(({ description }) => [description.deviceId, [] as Delivery[]]));
  for (let event = 0; event < weeks * EVENTS_PER_WEEK; event += 1) {
    const struck = Array.from({ length: CAUSES }, () => random.below(CAUSE_STRIKES.in) < CAUSE_STRIKES.once);
    const day = Math.floor(event / EVENTS_PER_WEEK) * 7 + (event % EVENTS_PER_WEEK);
    for (const { description, capacityWh, cause } of prosumers) {
      const usual = USUAL_PER_MILLE.low + random.below(USUAL_PER_MILLE.span + 1);
      const perMille = struck[cause] ? STRUCK_PER_MILLE : usual;
      byProsumer.get(description.deviceId)?.push({
        eventId: `e${String(event).padStart(4, "0")}`,
        startUnixMs: day * DAY_MS,
        promisedWh: Math.round((capacityWh * PROMISED_PER_MILLE) / 1_000),
        deliveredWh: Math.round((capacityWh * perMille) / 1_000),
      });
    }
  }
  return byProsumer;
}

/** Nodes as the aggregator forms them from history; who is in no cluster takes no part. */
function initialNodes(prosumers: readonly Prosumer[]): Nodes {
  const members = prosumers.map((prosumer) => memberOf(prosumer, [], Number.NEGATIVE_INFINITY));
  const plan = planClusters([{ vnId: "", members }], GUIDELINES, 0);
  const placed = (plan?.initial.clusters ?? []).flatMap(({ prosumerIds }, index) =>
    prosumerIds.map((id): [string, string] => [id, `vn-${index + 1}`]),
  );
  return new Map(placed);
}

function playWeeks(
  prosumers: readonly Prosumer[],
  { events, initial, weeks }: { events: Events; initial: Nodes; weeks: number },
) {
  let nodes = initial;
  const byWeek: Nodes[] = [];
  const movedAt = new Map<string, number>();
  const left = new Set<string>();
  const counts = { moves: 0, returns: 0 };
  for (let week = 0; week < weeks; week += 1) {
    const known = nodesAt(prosumers, { nodes, movedAt, events, count: week * EVENTS_PER_WEEK });
    const next = new Map(nodes);
    for (const { memberId, fromVnId, toVnId } of planClusters(known, GUIDELINES, week * WEEK_MS)?.moves ?? []) {
      counts.moves += 1;
      counts.returns += Number(left.has(`${memberId} ${toVnId}`));
      left.add(`${memberId} ${fromVnId}`);
      movedAt.set(memberId, week * WEEK_MS);
      next.set(memberId, toVnId);
    }
    nodes = next;
    byWeek.push(nodes);
  }
  return { byWeek, ...counts };
}

type Known = { nodes: Nodes; movedAt: ReadonlyMap<string, number>; events: Events; count: number };

/** What the aggregator knows before a week begins: the events of the weeks before, and nothing of it. */
function nodesAt(prosumers: readonly Prosumer[], { nodes, movedAt, events, count }: Known): NodeMembers[] {
  return [...new Set(nodes.values())].map((vnId) => ({
    vnId,
    members: prosumers
      .filter(({ description }) => nodes.get(description.deviceId) === vnId)
      .map((prosumer) => {
        const { deviceId } = prosumer.description;
        const past = events.get(deviceId)?.slice(0, count) ?? [];
        return memberOf(prosumer, past, movedAt.get(deviceId) ?? Number.NEGATIVE_INFINITY);
      }),
  }));
}

function memberOf(
  { description, capacityWh }: Prosumer,
  events: readonly Delivery[],
  memberSinceUnixMs: number,
): NodeMembers["members"][number] {
  const { deviceId: prosumerId, feeder, load } = description;
  const dayW = Array.from({ length: 48 }, (_, hour) => {
    // A Monday and a Saturday of the scenario.
    const at = Date.UTC(2016, 0, hour < 24 ? 11 : 16, hour % 24);
    return Number(load.powerWAt(at));
  });
  const contract = { feeder, contractType: "reduction", capacityW: capacityWh * 4 };
  return { prosumerId, ...contract, dayW, wattPerKelvin: null, events: [...events], memberSinceUnixMs };
}

function weeksFrom(first: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index);
}

function meanError(weeks: readonly { week: number; nodes: Nodes }[], events: Events): number {
  const errors = weeks.flatMap(({ week, nodes }) =>
    weeksFrom(week * EVENTS_PER_WEEK, (week + 1) * EVENTS_PER_WEEK).flatMap((event) => errorsOf(event, nodes, events)),
  );
  return Math.round((1_000 * errors.reduce((sum, error) => sum + error, 0)) / Math.max(1, errors.length));
}

/** What each node misses of its promise, which is what its members deliver on average. */
function errorsOf(event: number, nodes: Nodes, events: Events): number[] {
  const sums = new Map<string, { promised: number; delivered: number }>();
  for (const [prosumerId, vnId] of nodes) {
    const delivery = events.get(prosumerId)?.[event];
    const sum = sums.get(vnId) ?? { promised: 0, delivered: 0 };
    sum.promised += delivery?.promisedWh ?? 0;
    sum.delivered += delivery?.deliveredWh ?? 0;
    sums.set(vnId, sum);
  }
  return [...sums.values()].map(({ promised, delivered }) => Math.abs(delivered - promised) / Math.max(1, promised));
}
