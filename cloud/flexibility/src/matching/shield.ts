import type { UnitOrders, UnitRequest } from "./supplier.ts";

/**
 * Between every choice and the devices: whatever is wanted, what is granted lies within the offer of the supplier and
 * the limits of every element above it. A policy can choose badly but never infeasibly.
 */
export class Shield {
  readonly #request: UnitRequest;
  readonly #freeWh: Map<string, number>;
  readonly orders: UnitOrders;

  constructor(request: UnitRequest) {
    this.#request = request;
    this.#freeWh = new Map(request.elementWhMax);
    this.orders = new Float64Array(request.suppliers.length);
  }

  /** Grants as much of a wanted amount as is free, and returns it; nothing for what is no positive number. */
  grant(index: number, wantedWh: number): number {
    const supplier = this.#request.suppliers[index];
    if (supplier === undefined || !(wantedWh > 0)) return 0;
    const { offerWh, elementIds } = supplier;
    const given = this.orders[index] ?? 0;
    const above = elementIds.map((id) => this.#freeWh.get(id) ?? Number.POSITIVE_INFINITY);
    const grantedWh = Math.max(0, Math.min(wantedWh, offerWh - given, ...above));
    for (const id of elementIds) {
      const freeWh = this.#freeWh.get(id);
      if (freeWh !== undefined) this.#freeWh.set(id, Math.max(0, freeWh - grantedWh));
    }
    this.orders[index] = given + grantedWh;
    return grantedWh;
  }
}
