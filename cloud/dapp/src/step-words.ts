import type { StepOutcome, VerificationReport, VerificationStep } from "@gridpact/ledger/receipts";

/** What a step of the verification asks, and what it means when the answer is no; for people, not for engineers. */
type StepWords = { asks: string; fails: string };

const WORDS: Readonly<Record<VerificationStep, StepWords>> = {
  form: {
    asks: "Is this a receipt at all?",
    fails: "This is no whole receipt: the file is damaged, or another kind of file.",
  },
  blocks: {
    asks: "Did the consortium sign the ledger's blocks?",
    fails:
      "Blocks in this receipt are not signed by the consortium that you trust. They were changed, or it is a receipt " +
      "of another consortium.",
  },
  transactions: {
    asks: "Are all steps of the event on the ledger?",
    fails: "A step of the event is missing on the ledger, or something is listed that has no place there.",
  },
  identity: {
    asks: "Is it this device, and did it agree itself?",
    fails:
      "The device, its key or its virtual node is not the enrolled one, or the device did not agree to the contract.",
  },
  terms: {
    asks: "Are these the terms that were agreed?",
    fails: "The terms in this receipt are not those that were agreed on the ledger.",
  },
  amendments: {
    asks: "Did the device sign every change of its order?",
    fails: "The order was changed without the device's signature.",
  },
  anchors: {
    asks: "Did the virtual node commit to the readings?",
    fails: "The virtual node's commitment to the meter readings does not fit this receipt.",
  },
  signatures: {
    asks: "Did the device sign its readings?",
    fails: "A meter reading in this receipt is not signed by the device. It was changed, or never was the device's.",
  },
  inclusion: {
    asks: "Are the readings among those committed to?",
    fails: "A meter reading is not among those that the virtual node committed to at the time.",
  },
  chain: {
    asks: "Do the readings follow each other?",
    fails: "Meter readings contradict each other: one claims the place of another.",
  },
  baseline: {
    asks: "Does the baseline follow from earlier readings?",
    fails:
      "The expected use (baseline) does not follow from earlier readings, or is not the one fixed before the event.",
  },
  settlement: {
    asks: "Do the amounts follow from the readings?",
    fails: "The amounts in this receipt do not follow from the readings and the terms.",
  },
  payment: { asks: "Was exactly that paid?", fails: "What was paid on the ledger is not what was settled." },
};

/** How much of a forged receipt's own words is shown. */
const DETAIL_CHARS_MAX = 300;

/** One step as the page lists it. */
export type StepLine = { step: VerificationStep; ok: boolean; question: string; detail: string };

/** Only steps that were taken: after one that fails there are no others. */
export function stepLines({ steps }: VerificationReport): StepLine[] {
  return steps.map(({ step, ok, detail }) => ({ step, ok, question: WORDS[step].asks, detail: shorten(detail) }));
}

/** Why a receipt does not hold, in plain words with the step named; undefined for one that holds. */
export function failureWords({ ok, steps }: VerificationReport): string | undefined {
  const failed: StepOutcome | undefined = steps.at(-1);
  if (ok || failed === undefined) return undefined;
  return `Step “${failed.step}”: ${WORDS[failed.step].fails}`;
}

function shorten(detail: string): string {
  return detail.length <= DETAIL_CHARS_MAX ? detail : `${detail.slice(0, DETAIL_CHARS_MAX)}...`;
}
