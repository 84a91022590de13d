import { checkNotNegative, smaller } from "../integer.ts";
import { assertInvariant } from "../invariant.ts";
import { InvalidTermsError } from "../settlement-error.ts";

/** What a contract holds while it runs, in micro-currency: the payer's escrow and the provider's deposit. */
export type Funds = { readonly escrowMicro: bigint; readonly depositMicro: bigint };

/** Where every micro of a contract's funds goes. */
export type MoneySplit = Funds & {
  /** From the escrow to the provider. */
  readonly paidMicro: bigint;
  /** From the deposit to the payer. */
  readonly penaltyMicro: bigint;
  readonly returnedToPayerMicro: bigint;
  readonly returnedToProviderMicro: bigint;
};

/** The money of many contracts: `escrowedMicro = paidMicro + penaltyMicro + returnedMicro`. */
export type MoneyTotals = {
  /** Escrows and deposits together. */
  readonly escrowedMicro: bigint;
  readonly paidMicro: bigint;
  readonly penaltyMicro: bigint;
  readonly returnedMicro: bigint;
};

/**
 * Splits the funds of one contract. The penalty is cut to the cap and to the deposit; the payment is never cut, so an
 * escrow that cannot cover it is refused rather than shared out.
 *
 * @throws InvalidTermsError when the escrow is smaller than what was earned, or funds are negative
 */
export function splitFunds(
  { escrowMicro, depositMicro }: Funds,
  claims: { earnedMicro: bigint; chargedMicro: bigint; penaltyCapMicro: bigint },
): MoneySplit {
  checkNotNegative("escrowMicro", escrowMicro);
  checkNotNegative("depositMicro", depositMicro);
  if (claims.earnedMicro > escrowMicro) {
    throw new InvalidTermsError("escrowMicro", `${escrowMicro} does not cover the payment of ${claims.earnedMicro}`);
  }
  const penaltyMicro = smaller(claims.chargedMicro, smaller(claims.penaltyCapMicro, depositMicro));
  const split: MoneySplit = {
    escrowMicro,
    depositMicro,
    paidMicro: claims.earnedMicro,
    penaltyMicro,
    returnedToPayerMicro: escrowMicro - claims.earnedMicro,
    returnedToProviderMicro: depositMicro - penaltyMicro,
  };
  assertConserved(totalMoney([split]));
  return split;
}

/** Adds up the money of contracts of any kind; the order of the contracts does not matter. */
export function totalMoney(splits: readonly MoneySplit[]): MoneyTotals {
  let totals: MoneyTotals = { escrowedMicro: 0n, paidMicro: 0n, penaltyMicro: 0n, returnedMicro: 0n };
  for (const split of splits) {
    totals = {
      escrowedMicro: totals.escrowedMicro + split.escrowMicro + split.depositMicro,
      paidMicro: totals.paidMicro + split.paidMicro,
      penaltyMicro: totals.penaltyMicro + split.penaltyMicro,
      returnedMicro: totals.returnedMicro + split.returnedToPayerMicro + split.returnedToProviderMicro,
    };
  }
  assertConserved(totals);
  return totals;
}

function assertConserved({ escrowedMicro, paidMicro, penaltyMicro, returnedMicro }: MoneyTotals): void {
  assertInvariant(paidMicro >= 0n && penaltyMicro >= 0n && returnedMicro >= 0n, "no part of the money is negative");
  assertInvariant(escrowedMicro === paidMicro + penaltyMicro + returnedMicro, "money is conserved");
}
