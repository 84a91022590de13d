import type { MatchingPolicy } from "./match-by-policy.ts";

/** A margin above half the request means that there is nobody left who delivers. */
const MARGIN_MAX = 0.5;

/**
 * What the policy orders beyond the request, as share of it, when the expected delivery of those called has this spread
 * relative to itself. 0 for a policy whose numbers cannot be used.
 */
export function policyMargin({ marginShare, marginPerSpread }: MatchingPolicy, relativeSpread: number): number {
  const margin = marginShare + marginPerSpread * relativeSpread;
  return Number.isFinite(margin) ? Math.min(MARGIN_MAX, Math.max(0, margin)) : 0;
}
