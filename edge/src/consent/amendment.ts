import { createHash } from "node:crypto";
import { accept, type Checked, refuse } from "./refusal.ts";
import { decimal, listOf, parseObject, readTerms, type Terms } from "./terms.ts";

/** Another order for a contract that the device agreed to. */
export type Amendment = {
  terms: Terms;
  /** Amendments of one contract are numbered from 1. */
  amendmentNo: number;
  /** Wh in each interval of the contract. */
  orderedWh: readonly bigint[];
  penaltyCapMicro: bigint;
  hashHex: string;
};

/** What the device holds an amendment against. */
export type AmendmentBasis = {
  /** The order and penalty cap that the amendment would take the place of. */
  before: { orderedWh: readonly bigint[]; penaltyCapMicro: bigint };
  nowUnixMs: number;
  penaltyCapMicroMax: bigint;
  /** Share of its order that the device delivers by its own meter; undefined while that shows nothing. */
  deliveredPerMille: bigint | undefined;
};

const PER_MILLE = 1_000n;

/**
 * Reads the argument of a consent with `amendmentText`, canonical JSON of the amended order: its hash is what is
 * signed, and it MUST name the very terms that are shown with it.
 */
export function readAmendment(messageText: string, deviceId: string): Checked<Amendment> {
  const terms = readTerms(messageText, deviceId);
  if (!terms.isOk) return terms;
  const { amendmentText } = parseObject(messageText) ?? {};
  if (typeof amendmentText !== "string") return refuse("wrong_argument");
  const { contractId, termsHashHex, ...order } = parseObject(amendmentText) ?? {};
  const isOfTerms = contractId === terms.value.contractId && termsHashHex === terms.value.termsHashHex;
  if (!isOfTerms) return refuse("terms_mismatch");
  const numbers = numbersOf(order, terms.value.order.intervals.length);
  if (numbers === undefined) return refuse("wrong_argument");
  const hashHex = createHash("sha256").update(amendmentText).digest("hex");
  return accept({ terms: terms.value, ...numbers, hashHex });
}

function numbersOf(
  order: Record<string, unknown>,
  intervals: number,
): Pick<Amendment, "amendmentNo" | "orderedWh" | "penaltyCapMicro"> | undefined {
  const { amendmentNo } = order;
  const orderedWh = listOf(order["orderedWh"], decimal);
  const penaltyCapMicro = decimal(order["penaltyCapMicro"]);
  if (typeof amendmentNo !== "number" || !Number.isSafeInteger(amendmentNo) || amendmentNo < 1) return undefined;
  if (orderedWh?.length !== intervals || penaltyCapMicro === undefined) return undefined;
  return { amendmentNo, orderedWh, penaltyCapMicro };
}

/**
 * Whether the owner's device agrees, and from when on the amendment counts: only to what lies ahead, to more within
 * the owner's limit, and to less only down to what its own meter shows it to deliver, since a virtual node could else
 * talk a device that delivers out of its pay.
 */
export function checkAmendment(amendment: Amendment, basis: AmendmentBasis): Checked<{ fromUnixMs: number }> {
  const { terms, orderedWh, penaltyCapMicro } = amendment;
  const { before, nowUnixMs, penaltyCapMicroMax, deliveredPerMille } = basis;
  const changes = terms.order.intervals.flatMap(({ startUnixMs }, index) => {
    const [oldWh, newWh] = [before.orderedWh[index] ?? 0n, orderedWh[index] ?? 0n];
    return oldWh === newWh ? [] : [{ startUnixMs, oldWh, newWh }];
  });
  const [first] = changes;
  if (first === undefined) return refuse("wrong_argument");
  if (first.startUnixMs <= nowUnixMs) return refuse("too_late");
  const isRaise = changes.some(({ oldWh, newWh }) => newWh > oldWh);
  const capMicroMax = isRaise ? penaltyCapMicroMax : before.penaltyCapMicro;
  if (penaltyCapMicro > capMicroMax) return refuse("penalty_too_high");
  const isBelow = ({ oldWh, newWh }: { oldWh: bigint; newWh: bigint }) =>
    newWh < oldWh && (deliveredPerMille === undefined || newWh * PER_MILLE < oldWh * deliveredPerMille);
  return changes.some(isBelow) ? refuse("delivers_more") : accept({ fromUnixMs: first.startUnixMs });
}
