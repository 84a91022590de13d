import { euro } from "../demo/screen.ts";
import type { DisputedContract } from "./disputed-contract.ts";

/** A disputed contract for people. */
export function describeDisputed(disputed: DisputedContract): string[] {
  const { kind, contractId, contract, deadlines, dispute } = disputed;
  const { openUntilUnixMs, evidenceUntilUnixMs, ruleUntilUnixMs } = deadlines;
  return [
    `${kind.toUpperCase()} ${contractId}: ${contract.state}, holds ${euro(contract.heldMicro)}`,
    `  settled    ${settledText(disputed)}`,
    ...evidenceLines(disputed),
    dispute === null
      ? "  dispute    none"
      : `  dispute    ${dispute.outcome ?? dispute.state}, opened by ${dispute.openedById}: ${dispute.reason}`,
    `  until      ${instant(openUntilUnixMs)} it can be opened, ${instant(evidenceUntilUnixMs)} evidence is taken,`,
    `             ${instant(ruleUntilUnixMs)} the auditor may rule; then evidence decides by itself`,
  ];
}

function settledText({ contract }: DisputedContract): string {
  const { settlement } = contract;
  if (settlement === null) return "not yet";
  return `${settlement.deliveredWh} of ${settlement.orderedWh} Wh delivered, ${euro(settlement.paidMicro)} earned`;
}

function evidenceLines(disputed: DisputedContract): string[] {
  const found = disputed.kind === "sc1" ? disputed.recomputed?.settlement : disputed.dispute?.settlement;
  if (disputed.kind === "sc1" && disputed.recomputed?.isOther === false) {
    return ["  evidence   its SC2 add up to the same"];
  }
  if (found === null || found === undefined) return [];
  return [`  evidence   ${found.deliveredWh} Wh delivered, ${euro(found.paidMicro)} earned`];
}

function instant(unixMs: number): string {
  return new Date(unixMs).toISOString().slice(0, 16).replace("T", " ");
}
