/** A member's net draw in one step before anything is done: positive when it uses more than it makes. */
export type MemberNeed = { readonly memberId: string; readonly netKwh: number };

/** Energy that one member gets from another inside the virtual node. */
export type InsideTrade = { readonly sellerId: string; readonly buyerId: string; readonly energyKwh: number };

/**
 * Pairs members that have too much with members that need it, so that only the rest crosses the node's boundary. Each
 * seller gives, and each buyer gets, the same share of what it has or needs; nobody's place in the list counts.
 */
export function tradeInside(members: readonly MemberNeed[]): InsideTrade[] {
  const sellers = members.filter(({ netKwh }) => netKwh < 0);
  const buyers = members.filter(({ netKwh }) => netKwh > 0);
  const offeredKwh = -sellers.reduce((sum, { netKwh }) => sum + netKwh, 0);
  const neededKwh = buyers.reduce((sum, { netKwh }) => sum + netKwh, 0);
  const tradedKwh = Math.min(offeredKwh, neededKwh);
  if (tradedKwh <= 0) return [];
  return sellers.flatMap((seller) =>
    buyers.map((buyer) => ({
      sellerId: seller.memberId,
      buyerId: buyer.memberId,
      energyKwh: tradedKwh * (-seller.netKwh / offeredKwh) * (buyer.netKwh / neededKwh),
    })),
  );
}

/**
 * Shares a planned charge or discharge among batteries by what each can take or give, so that all fill and empty
 * together and the pool keeps its full power.
 *
 * @param capacitiesKwh what each battery can take (or give) in this step
 */
export function shareByCapacity(wantedKwh: number, capacitiesKwh: readonly number[]): number[] {
  const totalKwh = capacitiesKwh.reduce((sum, kwh) => sum + Math.max(0, kwh), 0);
  const share = totalKwh > 0 ? Math.min(1, wantedKwh / totalKwh) : 0;
  return capacitiesKwh.map((kwh) => share * Math.max(0, kwh));
}
