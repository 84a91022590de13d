/**
 * Dynamic re-clustering: members move between virtual nodes, within the aggregator's guidelines, where that makes the
 * nodes deliver what they promise. A node misses its promise by the sum of what its members miss; members that miss
 * together belong apart, and a large unsteady member belongs where many steady ones carry it.
 */
import { InvalidInputError } from "../flexibility-error.ts";

/** A prosumer at a node, with how it kept its promises. */
export type Member = {
  readonly memberId: string;
  readonly vnId: string;
  /** Only members with the same key may change places: feeder, bus, contract type, whatever the aggregator names. */
  readonly exchangeKey: string;
  /** Promised in each past event, Wh; oldest first, of one length for all. */
  readonly promisedWh: Float64Array;
  /** Delivered minus promised in the same events. */
  readonly missedWh: Float64Array;
  /** When it last changed its node; negative infinity if it never did. */
  readonly movedAtUnixMs: number;
};

/** The aggregator's guidelines. */
export type ReclusterGuidelines = {
  readonly membersMin: number;
  readonly membersMax: number;
  /** Members that may change their node in one round. */
  readonly movesMax: number;
  /** A member stays at least so long: a move costs trust and a new contract. */
  readonly dwellMs: number;
  /** A change MUST lower the expected error by this share, else noise would move members to and fro. */
  readonly gainShareMin: number;
};

/** A proposal: nothing is carried out by it. Two members that change places are two moves. */
export type Move = { readonly memberId: string; readonly fromVnId: string; readonly toVnId: string };

/** Both errors are equal when nothing moves. */
export type Reclustering = {
  readonly moves: readonly Move[];
  /** Expected error of the nodes relative to their promises, before and after; a mean over nodes. */
  readonly expectedErrorBefore: number;
  readonly expectedErrorAfter: number;
};

/** A fortnight between moves of a member, and two percent of gain for each change: less is within what chance does. */
export const DEFAULT_GUIDELINES: ReclusterGuidelines = {
  membersMin: 2,
  membersMax: 200,
  movesMax: 4,
  dwellMs: 14 * 86_400_000,
  gainShareMin: 0.02,
};

/** Events that are looked back at: a quarter of a year of one a day. */
export const EVENTS_MAX = 90;
/** Fewer would take chance for habit. */
const EVENTS_MIN = 8;
/** Half of an observed covariance is believed: from few events most of it is chance (Ledoit and Wolf 2004). */
const COVARIANCE_SHARE = 0.5;

/**
 * The moves that lower the expected error most, one after the other: single moves and exchanges of two members. None
 * with fewer than `EVENTS_MIN` events. Deterministic.
 *
 * @throws InvalidInputError for members whose events do not line up
 */
export function recluster(
  members: readonly Member[],
  { guidelines, nowUnixMs }: { guidelines: ReclusterGuidelines; nowUnixMs: number },
): Reclustering {
  checkEvents(members);
  const settled = members.map((member) => ({ ...member, ...recent(member) }));
  const expectedErrorBefore = meanError(settled);
  const isEnough = (members[0]?.promisedWh.length ?? 0) >= EVENTS_MIN;
  let current: Member[] = settled;
  let budget = isEnough ? guidelines.movesMax : 0;
  for (;;) {
    const change = bestChange(current, { guidelines, nowUnixMs, budget });
    if (change === undefined) break;
    budget -= change.size;
    current = applied(current, change, nowUnixMs);
  }
  return { moves: movesBetween(settled, current), expectedErrorBefore, expectedErrorAfter: meanError(current) };
}

/** New nodes of one or two members. */
type Change = ReadonlyMap<string, string>;

type Search = { readonly guidelines: ReclusterGuidelines; readonly nowUnixMs: number; readonly budget: number };

/** The change with the least error, if it gains enough. */
function bestChange(members: readonly Member[], search: Search): Change | undefined {
  const errors = errorsByNode(members);
  const total = sumOf(errors.values());
  let best: { change: Change; error: number } | undefined;
  for (const change of allowedChanges(members, search)) {
    const error = errorAfter(members, errors, change);
    if (best === undefined || error < best.error) best = { change, error };
  }
  const needed = total * (1 - search.guidelines.gainShareMin);
  return best !== undefined && best.error < needed ? best.change : undefined;
}

function* allowedChanges(members: readonly Member[], { guidelines, nowUnixMs, budget }: Search): Generator<Change> {
  const free = members.filter(({ movedAtUnixMs }) => nowUnixMs - movedAtUnixMs >= guidelines.dwellMs);
  const sizes = new Map<string, number>();
  for (const { vnId } of members) sizes.set(vnId, (sizes.get(vnId) ?? 0) + 1);
  for (const member of free) {
    if (budget >= 1) yield* singleMoves(member, members, sizes, guidelines);
    if (budget >= 2) yield* exchanges(member, free);
  }
}

/** Exchanges with members that come later in the order of ids, so that each pair is tried once. */
function* exchanges(member: Member, free: readonly Member[]): Generator<Change> {
  for (const other of free) {
    const isPair = other.memberId > member.memberId && other.vnId !== member.vnId;
    if (!isPair || other.exchangeKey !== member.exchangeKey) continue;
    yield new Map([
      [member.memberId, other.vnId],
      [other.memberId, member.vnId],
    ]);
  }
}

function* singleMoves(
  member: Member,
  members: readonly Member[],
  sizes: ReadonlyMap<string, number>,
  { membersMin, membersMax }: ReclusterGuidelines,
): Generator<Change> {
  if ((sizes.get(member.vnId) ?? 0) <= membersMin) return;
  const reachable = new Set(members.filter((each) => each.exchangeKey === member.exchangeKey).map(({ vnId }) => vnId));
  for (const vnId of reachable) {
    if (vnId !== member.vnId && (sizes.get(vnId) ?? 0) < membersMax) yield new Map([[member.memberId, vnId]]);
  }
}

/** Only the nodes that a change touches are computed again. */
function errorAfter(members: readonly Member[], errors: ReadonlyMap<string, number>, change: Change): number {
  const touched = new Set(
    members.flatMap(({ memberId, vnId }) => (change.has(memberId) ? [vnId, change.get(memberId) ?? vnId] : [])),
  );
  let error = sumOf(errors.values());
  for (const vnId of touched) {
    const after = members.filter((member) => (change.get(member.memberId) ?? member.vnId) === vnId);
    error += expectedError(after) - (errors.get(vnId) ?? 0);
  }
  return error;
}

function applied(members: readonly Member[], change: Change, nowUnixMs: number): Member[] {
  return members.map((member) => {
    const vnId = change.get(member.memberId);
    return vnId === undefined ? member : { ...member, vnId, movedAtUnixMs: nowUnixMs };
  });
}

function movesBetween(before: readonly Member[], after: readonly Member[]): Move[] {
  return before.flatMap((member, index) => {
    const toVnId = after[index]?.vnId ?? member.vnId;
    return toVnId === member.vnId ? [] : [{ memberId: member.memberId, fromVnId: member.vnId, toVnId }];
  });
}

function errorsByNode(members: readonly Member[]): Map<string, number> {
  const vnIds = [...new Set(members.map(({ vnId }) => vnId))];
  return new Map(vnIds.map((vnId) => [vnId, expectedError(members.filter((member) => member.vnId === vnId))]));
}

function meanError(members: readonly Member[]): number {
  const errors = [...errorsByNode(members).values()];
  return sumOf(errors) / Math.max(1, errors.length);
}

/**
 * Root mean square of what a node will miss, relative to what it promises. The square of a sum is the sum of the
 * members' squares and of their products two by two; of the products only a share is believed.
 */
function expectedError(members: readonly Member[]): number {
  const eventCount = members[0]?.missedWh.length ?? 0;
  let together = 0;
  let apart = 0;
  let promisedWh = 0;
  for (let event = 0; event < eventCount; event += 1) {
    let missedWh = 0;
    for (const member of members) {
      const each = member.missedWh[event] ?? 0;
      missedWh += each;
      apart += each * each;
      promisedWh += member.promisedWh[event] ?? 0;
    }
    together += missedWh * missedWh;
  }
  const square = COVARIANCE_SHARE * together + (1 - COVARIANCE_SHARE) * apart;
  return promisedWh === 0 ? 0 : Math.sqrt(square * eventCount) / promisedWh;
}

function recent({ promisedWh, missedWh }: Member): Pick<Member, "promisedWh" | "missedWh"> {
  return { promisedWh: promisedWh.slice(-EVENTS_MAX), missedWh: missedWh.slice(-EVENTS_MAX) };
}

function checkEvents(members: readonly Member[]): void {
  const length = members[0]?.promisedWh.length ?? 0;
  const isUneven = members.some(
    ({ promisedWh, missedWh }) => promisedWh.length !== length || missedWh.length !== length,
  );
  if (isUneven) throw new InvalidInputError("members", "every member needs a value for every event");
}

function sumOf(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
