/** Steps of a verification, in their order; the first that fails ends it. */
export const VERIFICATION_STEPS = [
  "form",
  "blocks",
  "transactions",
  "identity",
  "terms",
  "amendments",
  "anchors",
  "signatures",
  "inclusion",
  "chain",
  "baseline",
  "settlement",
  "payment",
] as const;

/** One of `VERIFICATION_STEPS`. */
export type VerificationStep = (typeof VERIFICATION_STEPS)[number];

/** What one step found: when it holds, what it saw; when it does not, what is wrong and where. */
export type StepOutcome = { step: VerificationStep; ok: boolean; detail: string };

/** Whose receipt it is; texts of the receipt itself, believed only when the report is ok. */
export type ReceiptSubject = { eventId: string; deviceId: string; contractId: string };

/** What the device got and lost, micro-euro. */
export type ReceiptMoney = { paidMicro: bigint; penaltyMicro: bigint; depositReturnedMicro: bigint };

/** What any verifier says of one receipt: the command, the web app and the audit. */
export type VerificationReport = {
  ok: boolean;
  /** Steps taken; all of them when ok, otherwise up to the one that failed. */
  steps: StepOutcome[];
  /** Null when the text is no receipt. */
  subject: ReceiptSubject | null;
  /** Null unless every step held. */
  money: ReceiptMoney | null;
};

/** A receipt does not hold; the message says what is wrong and where. */
export class ReceiptFaultError extends Error {
  readonly code = "RECEIPT_FAULT";

  constructor(message: string) {
    super(message);
    this.name = "ReceiptFaultError";
  }
}

/** @throws ReceiptFaultError with what `fault` says unless `holds` */
export function demand(holds: boolean, fault: () => string): asserts holds {
  if (!holds) throw new ReceiptFaultError(fault());
}

/** What a step gives to later ones, and what it says about itself. */
export type StepResult<T> = { value: T; detail: string };

/** Takes steps one after the other and keeps what each of them found. */
export class StepLog {
  readonly steps: StepOutcome[] = [];

  /** @throws StepFailedError after the failure was noted */
  take<T>(step: VerificationStep, act: () => StepResult<T>): T {
    try {
      const { value, detail } = act();
      this.steps.push({ step, ok: true, detail });
      return value;
    } catch (error) {
      // Whatever a hostile receipt provokes below, in decoders or settlement rules, is one more reason not to believe
      // it.
      if (!(error instanceof Error)) throw error;
      this.steps.push({ step, ok: false, detail: describe(error) });
      throw new StepFailedError();
    }
  }
}

/** Ends a verification whose last step has noted why. */
export class StepFailedError extends Error {
  readonly code = "STEP_FAILED";
}

function describe(error: Error): string {
  return error instanceof ReceiptFaultError ? error.message : `${error.name}: ${error.message}`;
}
