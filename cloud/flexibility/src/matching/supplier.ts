import type { SupplierMemory } from "./supplier-memory.ts";

/** Who may serve a request: a device of a virtual node, or a virtual node among others. */
export type Supplier = {
  readonly supplierId: string;
  /** The most it offers in the next market time unit. */
  readonly offerWh: number;
  /** What it usually offers; tells an unusual hour from a usual one. */
  readonly usualOfferWh: number;
  readonly costPerWh: number;
  /** Limited elements of the grid that its change passes. */
  readonly elementIds: readonly string[];
  readonly memory: SupplierMemory;
  /** Delivered / ordered in the latest unit of the running event in which it was called; `null` before. */
  readonly observedRate: number | null;
};

/** One market time unit to be served. Prices and costs in one currency for each Wh. */
export type UnitRequest = {
  readonly requestedWh: number;
  /** Paid for each Wh delivered, up to the request. */
  readonly pricePerWh: number;
  /** Charged for each Wh short of it. */
  readonly penaltyPerWh: number;
  readonly suppliers: readonly Supplier[];
  /** By element: the most that may be ordered through it. */
  readonly elementWhMax: ReadonlyMap<string, number>;
  /** Position in the event, 0 at its start to 1 at its end. */
  readonly progress: number;
};

/** Orders in the order of the suppliers. */
export type UnitOrders = Float64Array;
