/** The node's own balance between events: surplus inside is used inside first. */
export { keptPerMille } from "./balance-figures.ts";
export { type BalanceReport, balanceReport, readBalance } from "./balance-report.ts";
export { SelfBalancing } from "./self-balancing.ts";
