export { type DeliveryEstimate, estimateDelivery, type MatchingPolicy, matchByPolicy } from "./match-by-policy.ts";
export { clairvoyantValue, type TrueDelivery } from "./match-clairvoyantly.ts";
export { matchGreedily } from "./match-greedily.ts";
export { policyMargin } from "./policy-margin.ts";
export type { Supplier, UnitOrders, UnitRequest } from "./supplier.ts";
export { NEW_SUPPLIER, rememberEvent, type SupplierMemory } from "./supplier-memory.ts";
export { TRAINED_POLICY } from "./trained-policy.ts";
