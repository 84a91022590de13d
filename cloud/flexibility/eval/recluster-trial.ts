/**
 * Re-clustering played on real loads: each working day from 16:00 to 20:00 every member promises 30 % of what it is
 * expected to draw; what it delivers is its baseline less its real load less what it sheds. A seeded quarter of the
 * members fails two times in five. Initial nodes hold alike profiles; every week members may move, decided from the
 * weeks before alone. Both are judged on the same weeks.
 */
import { DEFAULT_GUIDELINES, formClusters, type Member, recluster } from "../src/index.ts";
import type { SeriesTable } from "./series-table.ts";

/** A row of the report: errors are shares of what was promised, `returns` are moves back within four weeks. */
export type TrialResult = {
  readonly events: number;
  readonly nodes: number;
  readonly "error, initial": number;
  readonly "error, re-clustered": number;
  readonly moves: number;
  readonly returns: number;
  readonly met: boolean;
};

const DAY_MS = 86_400_000;
const EVENT_HOURS = [16, 20] as const;
const PROMISED_SHARE = 0.3;
const BASELINE_DAYS = 10;
/** Events before the first decision. */
const FIRST_EVENTS = 10;
const EVENTS_PER_WEEK = 5;
const FAILING_MEMBERS_EVERY = 4;
const FAILING_EVENTS_OF = { failed: 2, of: 5 } as const;
/** A return within four weeks is a flap. */
const RETURN_WEEKS = 4;
const MEMBERS_MIN = 2;

type Load = { readonly memberId: string; readonly profile: Float64Array; readonly windows: readonly number[] };
type MemberEvents = { readonly memberId: string; readonly promisedWh: Float64Array; readonly missedWh: Float64Array };

/** Plays the trial; `membersMax` decides how many nodes there are. */
export function reclusterTrial(table: SeriesTable, membersMax: number): TrialResult {
  const loads = loadsOf(table);
  const events = loads.map(eventsOf);
  const initial = initialNodes(loads, membersMax);
  const eventCount = events[0]?.promisedWh.length ?? 0;
  const played = playWeeks(events, initial, { membersMax, eventCount });
  const before = mean(played.weeks.map(({ from, to }) => errorOf(events, initial, from, to)));
  const after = mean(played.weeks.map(({ from, to, nodes }) => errorOf(events, nodes, from, to)));
  return {
    events: eventCount - FIRST_EVENTS,
    nodes: new Set(initial.values()).size,
    "error, initial": before,
    "error, re-clustered": after,
    moves: played.moveCount,
    returns: played.returnCount,
    met: after < before,
  };
}

type Nodes = ReadonlyMap<string, string>;
type Week = { readonly from: number; readonly to: number; readonly nodes: Nodes };

function playWeeks(
  events: readonly MemberEvents[],
  initial: Nodes,
  { membersMax, eventCount }: { membersMax: number; eventCount: number },
) {
  let nodes = initial;
  const weeks: Week[] = [];
  const left = new Map<string, number>();
  const movedAt = new Map<string, number>();
  let moveCount = 0;
  let returnCount = 0;
  for (let from = FIRST_EVENTS; from < eventCount; from += EVENTS_PER_WEEK) {
    const week = from / EVENTS_PER_WEEK;
    const guidelines = { ...DEFAULT_GUIDELINES, membersMin: MEMBERS_MIN, membersMax: membersMax + 1 };
    const nowUnixMs = week * 7 * DAY_MS;
    const { moves } = recluster(membersUpTo(events, nodes, { end: from, movedAt }), { guidelines, nowUnixMs });
    const next = new Map(nodes);
    for (const { memberId, fromVnId, toVnId } of moves) {
      if (week - (left.get(`${memberId} ${toVnId}`) ?? Number.NEGATIVE_INFINITY) <= RETURN_WEEKS) returnCount += 1;
      left.set(`${memberId} ${fromVnId}`, week);
      movedAt.set(memberId, nowUnixMs);
      next.set(memberId, toVnId);
    }
    moveCount += moves.length;
    nodes = next;
    weeks.push({ from, to: Math.min(eventCount, from + EVENTS_PER_WEEK), nodes });
  }
  return { weeks, moveCount, returnCount };
}

function membersUpTo(
  events: readonly MemberEvents[],
  nodes: Nodes,
  { end, movedAt }: { end: number; movedAt: ReadonlyMap<string, number> },
): Member[] {
  return events.map(({ memberId, promisedWh, missedWh }) => ({
    memberId,
    vnId: nodes.get(memberId) ?? "",
    exchangeKey: "one feeder",
    promisedWh: promisedWh.slice(0, end),
    missedWh: missedWh.slice(0, end),
    movedAtUnixMs: movedAt.get(memberId) ?? Number.NEGATIVE_INFINITY,
  }));
}

/** Mean over nodes and events of what was missed, relative to what the node promised in the event. */
function errorOf(events: readonly MemberEvents[], nodes: Nodes, from: number, to: number): number {
  const errors = [...new Set(nodes.values())].flatMap((vnId) => {
    const members = events.filter(({ memberId }) => nodes.get(memberId) === vnId);
    return Array.from({ length: to - from }, (_, index) => {
      const total = (of: (member: MemberEvents) => Float64Array) =>
        members.reduce((sum, member) => sum + (of(member)[from + index] ?? 0), 0);
      return (
        Math.abs(total(({ missedWh }) => missedWh)) /
        Math.max(
          1,
          total(({ promisedWh }) => promisedWh),
        )
      );
    });
  });
  return mean(errors);
}

function initialNodes(loads: readonly Load[], membersMax: number): Nodes {
  const prosumers = loads.map(({ memberId, profile }) => ({
    prosumerId: memberId,
    feeder: "F1",
    contractType: "flexible",
    capacityW: 1,
    profile,
  }));
  const limits = { membersMin: MEMBERS_MIN, membersMax, capacityWMax: loads.length };
  const { clusters } = formClusters(prosumers, { limits, seed: 7 });
  return new Map(
    clusters.flatMap(({ prosumerIds }, index) => prosumerIds.map((id): [string, string] => [id, `VN${index + 1}`])),
  );
}

/** Window energy in Wh of each working day, and the mean shape of the first of them. */
function loadsOf(table: SeriesTable): Load[] {
  const perDay = DAY_MS / table.stepMs;
  const [from, to] = EVENT_HOURS.map((hour) => (hour * perDay) / 24);
  return [...table.columns].map(([memberId, values]) => {
    const days = workingDays(values, table);
    const early = days.slice(0, BASELINE_DAYS);
    const profile = Float64Array.from({ length: perDay }, (_, slot) => mean(early.map((day) => day[slot] ?? 0)));
    const total = sumOf(profile);
    return {
      memberId,
      windows: days.map((day) => 1000 * sumOf(day.subarray(from, to))),
      profile: profile.map((value) => (total === 0 ? 0 : value / total)),
    };
  });
}

/** Whole working days without a gap. */
function workingDays(values: Float64Array, { startUnixMs, stepMs }: SeriesTable): Float64Array[] {
  const perDay = DAY_MS / stepMs;
  const skipped = ((DAY_MS - (startUnixMs % DAY_MS)) % DAY_MS) / stepMs;
  const dayCount = Math.floor((values.length - skipped) / perDay);
  return Array.from({ length: dayCount }, (_, day) => skipped + day * perDay)
    .filter((first) => new Date(startUnixMs + first * stepMs).getUTCDay() % 6 !== 0)
    .map((first) => values.subarray(first, first + perDay))
    .filter((day) => !day.some(Number.isNaN));
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** What one member promised and missed on each working day after the first ten. */
function eventsOf({ memberId, windows }: Load, index: number): MemberEvents {
  const days = windows.slice(BASELINE_DAYS);
  const isFailing = index % FAILING_MEMBERS_EVERY === 0;
  const promised = days.map((_, day) => PROMISED_SHARE * mean(windows.slice(day, day + BASELINE_DAYS)));
  const missed = days.map((actualWh, day) => {
    const baselineWh = mean(windows.slice(day, day + BASELINE_DAYS));
    // A fixed mix of day and member stands for chance, so that both ways of clustering see the same failures.
    const hasFailed = isFailing && (day * 7 + index * 3) % FAILING_EVENTS_OF.of < FAILING_EVENTS_OF.failed;
    const shedWh = hasFailed ? 0 : PROMISED_SHARE * actualWh;
    return baselineWh - (actualWh - shedWh) - (promised[day] ?? 0);
  });
  return { memberId, promisedWh: Float64Array.from(promised), missedWh: Float64Array.from(missed) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
