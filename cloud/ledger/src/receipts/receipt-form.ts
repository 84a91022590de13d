/**
 * What a receipt looks like, as data. A text is a receipt only when it is the one canonical JSON text of what it says
 * and has exactly these fields, so that no byte of it is without meaning.
 */

import { type JsonValue, parseCanonicalJson } from "@gridpact/settlement";
import { parseReceipt, type Receipt } from "./receipt.ts";
import { demand } from "./verification-report.ts";

/** A district's largest blocks, a hundred of them; what is longer is no receipt. */
export const RECEIPT_CHARS_MAX = 64 * 1024 * 1024;

/**
 * @throws ReceiptFaultError when the text is too long or has another shape; NotCanonicalError when it is not in
 *   canonical form
 */
export function readReceipt(text: string): Receipt {
  demand(text.length <= RECEIPT_CHARS_MAX, () => `over ${RECEIPT_CHARS_MAX} characters`);
  const fault = faultOf(parseCanonicalJson(text), RECEIPT, "$");
  demand(fault === undefined, () => fault ?? "");
  return parseReceipt(text);
}

type Form =
  | "text"
  | "hex"
  | "integer"
  | "count"
  | { is: string | number }
  | { list: Form }
  | { fields: Readonly<Record<string, Form>> }
  | { orNull: Form };

/** Whole numbers in decimal text, as `bigintFromDecimal` takes them. */
const INTEGER = /^(?:0|-?[1-9][0-9]{0,29})$/;

/** Lower case only: one text for one value. */
const HEX = /^(?:[0-9a-f]{2})+$/;

const INTERVAL = { startUnixMs: "count", endUnixMs: "count" } as const;

const TERMS: Form = {
  fields: {
    contractId: "text",
    sc1Id: "text",
    deviceId: "text",
    intervals: { list: { fields: INTERVAL } },
    orderedWh: { list: "integer" },
    baselineWh: { list: "integer" },
    priceMicroPerWh: "integer",
    penaltyMicroPerWh: "integer",
    penaltyCapMicro: "integer",
    kind: "text",
  },
};

const INTERVAL_SETTLEMENT: Form = {
  fields: {
    ...INTERVAL,
    baselineWh: "integer",
    orderedWh: "integer",
    actualWh: { orNull: "integer" },
    deliveredWh: "integer",
    deficiencyWh: "integer",
    penalisedWh: "integer",
  },
};

const SETTLEMENT: Form = {
  fields: {
    escrowMicro: "integer",
    depositMicro: "integer",
    paidMicro: "integer",
    penaltyMicro: "integer",
    returnedToPayerMicro: "integer",
    returnedToProviderMicro: "integer",
    intervals: { list: INTERVAL_SETTLEMENT },
    orderedWh: "integer",
    deliveredWh: "integer",
    deficiencyWh: "integer",
    penalisedWh: "integer",
    outcome: "text",
  },
};

const PROOF: Form = { fields: { batchNo: "count", leafIndex: "count", size: "count", pathHex: { list: "hex" } } };

const EVIDENCE: Form = {
  fields: {
    envelopes: { list: { fields: { envelopeHex: "hex", proof: PROOF } } },
    boundaries: { list: { orNull: { fields: { envelope: "count", reading: "count" } } } },
  },
};

const SELECTION: Form = {
  fields: { eventDate: "text", eventDates: { list: "text" }, holidays: { list: "text" }, lookbackDays: "count" },
};

const BASELINE: Form = {
  fields: {
    method: "text",
    intervals: { list: { fields: INTERVAL } },
    baselineWh: { list: "integer" },
    selection: SELECTION,
    days: { list: { fields: { localDate: "text", boundariesUnixMs: { list: "count" }, evidence: EVIDENCE } } },
    before: { orNull: { fields: { boundariesUnixMs: { list: "count" }, evidence: EVIDENCE } } },
  },
};

const RECEIPT: Form = {
  fields: {
    kind: { is: "gridpact-receipt" },
    version: { is: 1 },
    eventId: "text",
    vnId: "text",
    deviceId: "text",
    publicKeyHex: "hex",
    sc1Id: "text",
    terms: TERMS,
    settlement: SETTLEMENT,
    evidence: EVIDENCE,
    baseline: BASELINE,
    transactions: { list: { fields: { name: "text", transactionId: "hex", blockNumber: "count" } } },
    anchors: { list: { fields: { batchNo: "count", blockNumber: "count" } } },
    blocks: { list: { fields: { number: "count", blockHex: "hex" } } },
  },
};

/** The first place where a value differs from its form, in words. */
function faultOf(value: JsonValue | undefined, form: Form, path: string): string | undefined {
  if (typeof form === "string") return isPlain(value, form) ? undefined : `${path}: must be ${PLAIN_WORDS[form]}`;
  if ("is" in form) return value === form.is ? undefined : `${path}: must be ${form.is}`;
  if ("orNull" in form) return value === null ? undefined : faultOf(value, form.orNull, path);
  if ("list" in form) return faultInList(value, form.list, path);
  return faultInFields(value, form.fields, path);
}

type Plain = Extract<Form, string>;

const PLAIN_WORDS: Record<Plain, string> = {
  text: "a text",
  hex: "lower-case hex",
  integer: "an integer in decimal text",
  count: "a whole number, not negative",
};

function isPlain(value: JsonValue | undefined, form: Plain): boolean {
  switch (form) {
    case "text":
      return typeof value === "string";
    case "hex":
      return typeof value === "string" && HEX.test(value);
    case "integer":
      return typeof value === "string" && INTEGER.test(value);
    case "count":
      return typeof value === "number" && value >= 0;
  }
}

function faultInList(value: JsonValue | undefined, item: Form, path: string): string | undefined {
  if (!Array.isArray(value)) return `${path}: must be a list`;
  return firstFault(value.entries(), ([index, each]) => faultOf(each, item, `${path}[${index}]`));
}

function faultInFields(
  value: JsonValue | undefined,
  fields: Readonly<Record<string, Form>>,
  path: string,
): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return `${path}: must be an object`;
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(fields, name));
  if (unknown !== undefined) return `${path}.${unknown}: is not a field of a receipt`;
  return firstFault(Object.entries(fields), ([name, form]) => faultOf(value[name], form, `${path}.${name}`));
}

function firstFault<T>(items: Iterable<T>, check: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const fault = check(item);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
