import { Shield } from "./shield.ts";
import type { Supplier, UnitOrders, UnitRequest } from "./supplier.ts";

/** Most that is ordered beyond the request, as the selection within a virtual node does. */
const MARGIN_MAX = 0.2;

/** Who never delivers is still asked now and then, or could never show that it was repaired. */
const RATE_MIN = 0.05;

/**
 * The rule without learning beyond an average, as yardstick and as fallback: by cost for each Wh that can be relied on,
 * then a margin for what will probably be missing, at most a fifth of the request.
 */
export function matchGreedily(request: UnitRequest): UnitOrders {
  const rates = request.suppliers.map(rateOf);
  const meritOf = (index: number) => (request.suppliers[index]?.costPerWh ?? 0) / (rates[index] ?? 1);
  const order = [...rates.keys()].sort((left, right) => {
    const byMerit = meritOf(left) - meritOf(right);
    return byMerit === 0 ? left - right : byMerit;
  });
  const shield = new Shield(request);
  give(shield, order, request.requestedWh);
  const lossWh = rates.reduce((sum, rate, index) => sum + (shield.orders[index] ?? 0) * (1 - rate), 0);
  give(shield, order, Math.min(lossWh, MARGIN_MAX * request.requestedWh));
  return shield.orders;
}

function rateOf({ memory, observedRate }: Supplier): number {
  return Math.max(RATE_MIN, observedRate ?? memory.meanRate);
}

function give(shield: Shield, order: readonly number[], wantedWh: number): void {
  let openWh = wantedWh;
  for (const index of order) {
    if (openWh <= 0) break;
    openWh -= shield.grant(index, openWh);
  }
}
