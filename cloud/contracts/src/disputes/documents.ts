import { CHUNK_NO, DELIVERY_SUMS, DEVICE_SETTLEMENT, endOf, type Sc2, sha256Hex } from "../agreement/index.ts";
import {
  collection,
  FLAG,
  HASH_HEX,
  ID,
  nullable,
  object,
  oneOf,
  REASON,
  type Shaped,
  text,
} from "../transaction/index.ts";

const ACCOUNT = text((value) => value.length > 0, "an account id");

/**
 * A dispute about one SC2. Its deadlines follow from the contract's last interval and its policy, so they stand before
 * anything is disputed:
 *
 *      end of contract --dispute window--> --evidence window--> --ruling window-->
 *            |  Open, SubmitEvidence      |  SubmitEvidence   |  Rule           |  Close
 */
export const DISPUTE = object({
  contractId: ID,
  openedById: ACCOUNT,
  reason: REASON,
  state: oneOf(["open", "closed"]),
  /** Of the most complete evidence handed in; null while there is none. */
  evidenceHashHex: nullable(HASH_HEX),
  /** What follows from that evidence. */
  settlement: nullable(DEVICE_SETTLEMENT),
  /** `lapsed`: nobody ruled in time, and evidence, if there was any, decided by itself. */
  outcome: nullable(oneOf(["upheld", "rejected", "lapsed"])),
});

/**
 * A dispute about an SC1. Its evidence is what the ledger knows of the SC2 by now: chunks are added up anew, after the
 * disputes about their SC2 have ended. So it begins where these end, with the same windows once more.
 *
 *      last ruling on an SC2 --dispute window--> --evidence window--> --ruling window-->
 *            |  OpenSc1, SumAnew                |  SumAnew           |  RuleSc1        |  CloseSc1
 */
export const SC1_DISPUTE = object({
  contractId: ID,
  openedById: ACCOUNT,
  reason: REASON,
  state: oneOf(["open", "closed"]),
  /** `lapsed`: nobody ruled in time, and what was added up anew decided by itself. */
  outcome: nullable(oneOf(["upheld", "rejected", "lapsed"])),
});

/** A chunk added up anew; the chunk itself keeps what the SC1 was settled from. */
export const ANEW = object({ contractId: ID, chunkNo: CHUNK_NO, sums: DELIVERY_SUMS });

/** Arguments that the transactions about both kinds share. */
export const ABOUT = object({ contractId: ID });
export const OPENING = object({ contractId: ID, reason: REASON });
export const RULING = object({ contractId: ID, isUpheld: FLAG });

/** At most one for each SC2, ever: a closed one stays. */
export type Dispute = Shaped<typeof DISPUTE>;

/** At most one for each SC1, ever; its evidence are the documents at `anewAt`. */
export type Sc1Dispute = Shaped<typeof SC1_DISPUTE>;

/** By SC1. */
export const sc1DisputeAt = collection("dispute-sc1", SC1_DISPUTE);
/** By SC1, then chunk; written again when another SC2 of the chunk has changed meanwhile. */
export const anewAt = collection("anew", ANEW);
/** By SC2. */
export const disputeAt = collection("dispute", DISPUTE);

/** Id of the claim that a ruling may leave; hashed, as an id of full length would leave no room for a prefix. */
export function rulingClaimId(kind: "sc1" | "sc2", contractId: string): string {
  return `${kind === "sc1" ? "ruling-sc1" : "ruling"}:${sha256Hex(contractId)}`;
}

/** UTC milliseconds, each not before the one above; equal where the policy has no such window. */
export type Deadlines = {
  readonly openUntilUnixMs: number;
  readonly evidenceUntilUnixMs: number;
  readonly ruleUntilUnixMs: number;
};

type Scheduled = { readonly terms: Pick<Sc2["terms"], "intervals">; readonly policy: Sc2["policy"] };

/** Of a dispute about an SC2; given an SC1, of the last that there can be about an SC2 under it. */
export function deadlinesOf({ terms, policy }: Scheduled): Deadlines {
  return deadlinesFrom(endOf(terms), policy);
}

/** Of a dispute about an SC1: the three windows again, from where the last about an SC2 ends. */
export function sc1DeadlinesOf({ terms, policy }: Scheduled): Deadlines {
  return deadlinesFrom(deadlinesOf({ terms, policy }).ruleUntilUnixMs, policy);
}

/** When a debtor may be suspended for what a ruling left it owing: as long after its term as the ruling could take. */
export function suspendableFromUnixMs({ ruleUntilUnixMs }: Deadlines, { rulingWindowMs }: Sc2["policy"]): number {
  return ruleUntilUnixMs + rulingWindowMs;
}

function deadlinesFrom(beginUnixMs: number, policy: Sc2["policy"]): Deadlines {
  const openUntilUnixMs = beginUnixMs + policy.disputeWindowMs;
  const evidenceUntilUnixMs = openUntilUnixMs + policy.evidenceWindowMs;
  return { openUntilUnixMs, evidenceUntilUnixMs, ruleUntilUnixMs: evidenceUntilUnixMs + policy.rulingWindowMs };
}
