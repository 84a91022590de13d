/** Whether a party may enter new obligations. */
export { demandGoodStanding, liftSuspension, SUSPENSION, suspend, suspensionAt } from "./suspension.ts";
