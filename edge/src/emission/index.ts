/** What a household's days would have emitted, had it acted by the grid's carbon. */
export type { EmissionScenario, HouseholdMeans } from "./emission-scenarios.ts";
export { emissionScenarios } from "./emission-scenarios.ts";
