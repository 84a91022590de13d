import { larger, smaller, sumOf } from "./integer.ts";
import { assertInvariant } from "./invariant.ts";

/** What a member's registers say of one interval, Wh; both above 0 where it drew and fed by turns. */
export type MemberEnergy = { readonly memberId: string; readonly importWh: bigint; readonly exportWh: bigint };

/** Energy of one interval that a member gave to others, or got from them, inside; one of the two is 0. */
export type SharedEnergy = { readonly memberId: string; readonly givenWh: bigint; readonly takenWh: bigint };

/**
 * Which part of one interval's surplus served other members at the same feeder. What a member drew and fed by turns in
 * the interval is its own; what is left over either way is its surplus or its need. The smaller of the sums of both is
 * shared, pro rata: each gives and takes in proportion to what it has or needs, in whole Wh by the largest remainder,
 * among equal remainders by member id. The order of the members does not matter, and
 *
 *      sum of given = sum of taken = min(sum of surplus, sum of need);   given <= surplus, taken <= need of each
 */
export function shareInside(members: readonly MemberEnergy[]): SharedEnergy[] {
  const surplusWh = members.map(({ importWh, exportWh }) => larger(0n, exportWh - importWh));
  const needWh = members.map(({ importWh, exportWh }) => larger(0n, importWh - exportWh));
  const sharedWh = smaller(sumOf(surplusWh), sumOf(needWh));
  const ids = members.map(({ memberId }) => memberId);
  const given = proRata(sharedWh, surplusWh, ids);
  const taken = proRata(sharedWh, needWh, ids);
  assertInvariant(sumOf(given) === sharedWh && sumOf(taken) === sharedWh, "all that is shared is given and taken");
  return ids.map((memberId, index) => ({ memberId, givenWh: given[index] ?? 0n, takenWh: taken[index] ?? 0n }));
}

/** Splits a total that is at most the sum of the parts; no share is above its part. */
function proRata(totalWh: bigint, partsWh: readonly bigint[], ids: readonly string[]): bigint[] {
  const sumWh = sumOf(partsWh);
  if (sumWh === 0n) return partsWh.map(() => 0n);
  const shares = partsWh.map((part) => (totalWh * part) / sumWh);
  const remainders = partsWh.map((part) => (totalWh * part) % sumWh);
  const missing = Number(totalWh - sumOf(shares));
  const order = ids.map((_, index) => index).sort((left, right) => byRemainder(left, right, { remainders, ids }));
  for (const index of order.slice(0, missing)) shares[index] = (shares[index] ?? 0n) + 1n;
  return shares;
}

function byRemainder(
  left: number,
  right: number,
  { remainders, ids }: { remainders: readonly bigint[]; ids: readonly string[] },
): number {
  const [a, b] = [remainders[left] ?? 0n, remainders[right] ?? 0n];
  if (a !== b) return a > b ? -1 : 1;
  return (ids[left] ?? "") < (ids[right] ?? "") ? -1 : 1;
}
