import type { MatchingPolicy } from "./match-by-policy.ts";
import { checkWeights } from "./policy-network.ts";
import trained from "./trained-policy.json" with { type: "json" };

checkWeights(trained.weights);

/** The policy that ships; the file says with which command it was trained. */
export const TRAINED_POLICY: MatchingPolicy = trained;
