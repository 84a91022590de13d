import { DEVICE_SETTLEMENT, endOf, type Sc2 } from "../agreement/index.ts";
import { collection, HASH_HEX, ID, nullable, object, oneOf, REASON, type Shaped, text } from "../transaction/index.ts";

/**
 * A dispute about one SC2. Its deadlines follow from the contract's last interval and its policy, so they stand before
 * anything is disputed:
 *
 *      end of contract --dispute window--> --evidence window--> --ruling window-->
 *            |  Open, SubmitEvidence      |  SubmitEvidence   |  Rule           |  Close
 */
export const DISPUTE = object({
  contractId: ID,
  openedById: text((value) => value.length > 0, "an account id"),
  reason: REASON,
  state: oneOf(["open", "closed"]),
  /** Of the most complete evidence handed in; null while there is none. */
  evidenceHashHex: nullable(HASH_HEX),
  /** What follows from that evidence. */
  settlement: nullable(DEVICE_SETTLEMENT),
  /** `lapsed`: nobody ruled in time, and evidence, if there was any, decided by itself. */
  outcome: nullable(oneOf(["upheld", "rejected", "lapsed"])),
});

export type Dispute = Shaped<typeof DISPUTE>;

export const disputeAt = collection("dispute", DISPUTE);

export type Deadlines = {
  readonly openUntilUnixMs: number;
  readonly evidenceUntilUnixMs: number;
  readonly ruleUntilUnixMs: number;
};

export function deadlinesOf({
  terms,
  policy,
}: {
  readonly terms: Pick<Sc2["terms"], "intervals">;
  readonly policy: Sc2["policy"];
}): Deadlines {
  const openUntilUnixMs = endOf(terms) + policy.disputeWindowMs;
  const evidenceUntilUnixMs = openUntilUnixMs + policy.evidenceWindowMs;
  return { openUntilUnixMs, evidenceUntilUnixMs, ruleUntilUnixMs: evidenceUntilUnixMs + policy.rulingWindowMs };
}
