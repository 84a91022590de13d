import { LinearModel, loadSolver, solveModel } from "../dispatch/index.ts";
import type { UnitRequest } from "./supplier.ts";

/** What a supplier would really do in a unit: the share of an order it delivers, and the most it has to give. */
export type TrueDelivery = { readonly rate: number; readonly availableWh: number };

/**
 * The best value of one unit for someone who knows every delivery beforehand, by linear programming: nobody can earn
 * more, so the distance to it is the price of not knowing.
 *
 *      maximise  price s - penalty (R - s) - sum cost_d x_d,   s <= R,  s <= sum x_d,
 *                x_d <= min(rate_d offer_d, available_d),  sum over an element of x_d / rate_d <= its limit
 */
export async function clairvoyantValue(request: UnitRequest, truth: readonly TrueDelivery[]): Promise<number> {
  const { requestedWh, pricePerWh, penaltyPerWh, suppliers, elementWhMax } = request;
  const model = new LinearModel();
  const served = model.addColumn({ cost: -(pricePerWh + penaltyPerWh), lower: 0, upper: requestedWh });
  const columns = suppliers.map(({ offerWh, costPerWh }, index) => {
    const { rate, availableWh } = truth[index] ?? { rate: 0, availableWh: 0 };
    return model.addColumn({ cost: costPerWh, lower: 0, upper: Math.min(rate * offerWh, availableWh) });
  });
  const infinite = Number.POSITIVE_INFINITY;
  const all = { columns: [served, ...columns], coefficients: [-1, ...columns.map(() => 1)] };
  model.addRow({ lower: 0, upper: infinite, ...all });
  for (const [elementId, limitWh] of elementWhMax) {
    const below = columns.filter((_, index) => suppliers[index]?.elementIds.includes(elementId) === true);
    const coefficients = below.map((column) => 1 / Math.max(1e-6, truth[column - 1]?.rate ?? 0));
    model.addRow({ lower: -infinite, upper: limitWh, columns: below, coefficients });
  }
  const { objective } = solveModel(await loadSolver(), model);
  return -objective - penaltyPerWh * requestedWh;
}
