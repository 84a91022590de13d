/** Orders of devices at work, changed for intervals to come: proposed, signed, handed in. */
export { AMEND_BATCH_MAX, amendContracts } from "./amend-contracts.ts";
export { AmendmentDesk } from "./amendment-desk.ts";
export { type Moved, proposeChanges } from "./propose-changes.ts";
