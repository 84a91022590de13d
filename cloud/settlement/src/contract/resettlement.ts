import { larger, PER_MILLE, smaller } from "../integer.ts";
import { assertInvariant } from "../invariant.ts";
import { InvalidTermsError } from "../settlement-error.ts";
import type { MoneySplit } from "./money.ts";

/** The four ways that money leaves a contract. */
export type PaidParts = Pick<
  MoneySplit,
  "paidMicro" | "penaltyMicro" | "returnedToPayerMicro" | "returnedToProviderMicro"
>;

/** What of each part stays in the contract while it can be disputed: the share, rounded down. */
export function heldBack(split: PaidParts, holdBackPerMille: bigint): PaidParts {
  if (holdBackPerMille < 0n || holdBackPerMille > PER_MILLE) {
    throw new InvalidTermsError("holdBackPerMille", `must be 0 to ${PER_MILLE}`);
  }
  return eachPart(split, (part) => (part * holdBackPerMille) / PER_MILLE);
}

/** What is paid at once: each part without what is held back of it. */
export function paidAtOnce(split: PaidParts, holdBackPerMille: bigint): PaidParts {
  const held = heldBack(split, holdBackPerMille);
  return {
    paidMicro: split.paidMicro - held.paidMicro,
    penaltyMicro: split.penaltyMicro - held.penaltyMicro,
    returnedToPayerMicro: split.returnedToPayerMicro - held.returnedToPayerMicro,
    returnedToProviderMicro: split.returnedToProviderMicro - held.returnedToProviderMicro,
  };
}

/** What a ruling moves: the held money, and what one side still owes the other where that does not suffice. */
export type Resettlement = {
  readonly toProviderMicro: bigint;
  readonly toPayerMicro: bigint;
  readonly owedByProviderMicro: bigint;
  readonly owedByPayerMicro: bigint;
};

/**
 * Settles a contract again after part of its money was paid. Both splits are of the same funds. Afterwards each side
 * has what the new split gives it, counting what it still owes or is owed:
 *
 *      paid at once + paid now + owed = new split            for provider and for payer
 *
 * @throws InvalidTermsError when the splits are not of the same funds
 */
export function resettle({
  before,
  after,
  holdBackPerMille,
}: {
  before: PaidParts;
  after: PaidParts;
  holdBackPerMille: bigint;
}): Resettlement {
  if (totalOf(before) !== totalOf(after)) throw new InvalidTermsError("after", "is a split of other funds");
  const heldMicro = totalOf(heldBack(before, holdBackPerMille));
  const dueMicro = providerPart(after) - providerPart(paidAtOnce(before, holdBackPerMille));
  const toProviderMicro = smaller(heldMicro, larger(0n, dueMicro));
  const result = {
    toProviderMicro,
    toPayerMicro: heldMicro - toProviderMicro,
    owedByProviderMicro: larger(0n, -dueMicro),
    owedByPayerMicro: larger(0n, dueMicro - heldMicro),
  };
  const owedMicro = result.owedByPayerMicro - result.owedByProviderMicro;
  assertInvariant(toProviderMicro + owedMicro === dueMicro, "the provider ends with what the new split gives it");
  return result;
}

/** Micro-currency that leaves the contract: escrow and deposit together, for a whole split. */
export function totalOf(parts: PaidParts): bigint {
  return providerPart(parts) + parts.penaltyMicro + parts.returnedToPayerMicro;
}

function providerPart({ paidMicro, returnedToProviderMicro }: PaidParts): bigint {
  return paidMicro + returnedToProviderMicro;
}

function eachPart(parts: PaidParts, change: (part: bigint) => bigint): PaidParts {
  return {
    paidMicro: change(parts.paidMicro),
    penaltyMicro: change(parts.penaltyMicro),
    returnedToPayerMicro: change(parts.returnedToPayerMicro),
    returnedToProviderMicro: change(parts.returnedToProviderMicro),
  };
}
