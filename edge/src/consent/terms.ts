import { createHash } from "node:crypto";
import type { AcceptedOrder } from "../learning/index.ts";
import { accept, type Checked, refuse } from "./refusal.ts";

/** What a device has to know of the terms it signs for. Their hash covers all of them. */
export type Terms = {
  contractId: string;
  termsHashHex: string;
  startUnixMs: number;
  endUnixMs: number;
  penaltyCapMicro: bigint;
  /** What it is to deliver; the device holds itself against it afterwards. */
  order: AcceptedOrder;
};

/**
 * Reads the argument of `sc2:AcceptReduction`, `{contractId, termsHashHex, termsText}`: the text MUST hash to the hash
 * and be terms of that contract for this device, so that the device knows every number it signs for.
 */
export function readTerms(argumentText: string, deviceId: string): Checked<Terms> {
  const argument = parseObject(argumentText);
  const { contractId, termsHashHex, termsText } = argument ?? {};
  if (!isText(contractId) || !isText(termsHashHex) || !isText(termsText)) return refuse("wrong_argument");
  if (createHash("sha256").update(termsText).digest("hex") !== termsHashHex) return refuse("terms_mismatch");
  const terms = parseObject(termsText);
  const order = terms && orderOf(terms, contractId);
  const penaltyCapMicro = decimal(terms?.["penaltyCapMicro"]);
  if (terms === undefined || order === undefined || penaltyCapMicro === undefined) return refuse("wrong_argument");
  if (terms["contractId"] !== contractId) return refuse("terms_mismatch");
  if (terms["deviceId"] !== deviceId) return refuse("foreign_device");
  return accept({ contractId, termsHashHex, ...spanOf(order), penaltyCapMicro, order });
}

/** Parsed but not yet trusted. */
type JsonObject = Record<string, unknown>;

/** Undefined for text that is no JSON object. Of a key that stands twice the last counts, as for the contract. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined; // Not JSON: the parser's only way to say so is to throw.
  }
}

/** Intervals in time order, with one order and one baseline for each; undefined when they are not that. */
function orderOf(terms: JsonObject, contractId: string): AcceptedOrder | undefined {
  const intervals = listOf(terms["intervals"], intervalOf);
  const orderedWh = listOf(terms["orderedWh"], decimal);
  const baselineWh = listOf(terms["baselineWh"], signedDecimal);
  if (intervals === undefined || orderedWh === undefined || baselineWh === undefined) return undefined;
  if (intervals.length === 0 || orderedWh.length !== intervals.length) return undefined;
  if (baselineWh.length !== intervals.length) return undefined;
  const isInOrder = intervals.every(({ startUnixMs }, index) => startUnixMs >= (intervals[index - 1]?.endUnixMs ?? 0));
  return isInOrder ? { contractId, intervals, orderedWh, baselineWh } : undefined;
}

/** From the first interval's start to the last one's end. */
function spanOf({ intervals }: AcceptedOrder): { startUnixMs: number; endUnixMs: number } {
  return { startUnixMs: intervals[0]?.startUnixMs ?? 0, endUnixMs: intervals.at(-1)?.endUnixMs ?? 0 };
}

function intervalOf(value: unknown): { startUnixMs: number; endUnixMs: number } | undefined {
  if (!isObject(value)) return undefined;
  const { startUnixMs, endUnixMs } = value;
  if (!isInstant(startUnixMs) || !isInstant(endUnixMs) || startUnixMs >= endUnixMs) return undefined;
  return { startUnixMs, endUnixMs };
}

/** Every element read, or undefined when the value is no list or one of them cannot be. */
export function listOf<T>(value: unknown, read: (element: unknown) => T | undefined): T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const elements = value.map(read).filter((element) => element !== undefined);
  return elements.length === value.length ? elements : undefined;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isInstant(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

/** Money and energy stand in JSON as decimal text; thirty digits are more than all money there is. */
export function decimal(value: unknown): bigint | undefined {
  return isText(value) && /^\d{1,30}$/.test(value) ? BigInt(value) : undefined;
}

/** A baseline is negative where PV is expected to give more than the site takes. */
function signedDecimal(value: unknown): bigint | undefined {
  return isText(value) && /^-?\d{1,30}$/.test(value) ? BigInt(value) : undefined;
}
