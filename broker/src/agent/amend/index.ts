/** Orders of devices at work, changed for intervals to come: proposed, signed, handed in. */
export { amendContracts } from "./amend-contracts.ts";
export { AmendmentDesk } from "./amendment-desk.ts";
export { proposeChanges } from "./propose-changes.ts";
