import { createHash } from "node:crypto";
import { accept, type Checked, refuse } from "./refusal.ts";

/** What a device has to know of the terms it signs for. Their hash covers all of them. */
export type Terms = {
  contractId: string;
  termsHashHex: string;
  startUnixMs: number;
  endUnixMs: number;
  penaltyCapMicro: bigint;
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
  const span = spanOf(terms?.["intervals"]);
  const penaltyCapMicro = decimal(terms?.["penaltyCapMicro"]);
  if (terms === undefined || span === undefined || penaltyCapMicro === undefined) return refuse("wrong_argument");
  if (terms["contractId"] !== contractId) return refuse("terms_mismatch");
  if (terms["deviceId"] !== deviceId) return refuse("foreign_device");
  return accept({ contractId, termsHashHex, ...span, penaltyCapMicro });
}

/** Parsed but not yet trusted. */
type JsonObject = Record<string, unknown>;

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined; // Not JSON: the parser's only way to say so is to throw.
  }
}

/** From the first interval's start to the last one's end. */
function spanOf(intervals: unknown): { startUnixMs: number; endUnixMs: number } | undefined {
  if (!Array.isArray(intervals)) return undefined;
  const first: unknown = intervals.at(0);
  const last: unknown = intervals.at(-1);
  if (!isObject(first) || !isObject(last)) return undefined;
  const startUnixMs = first["startUnixMs"];
  const endUnixMs = last["endUnixMs"];
  if (!isInstant(startUnixMs) || !isInstant(endUnixMs) || startUnixMs >= endUnixMs) return undefined;
  return { startUnixMs, endUnixMs };
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

/** Money stands in JSON as decimal text; thirty digits are more than all money there is. */
function decimal(value: unknown): bigint | undefined {
  return isText(value) && /^\d{1,30}$/.test(value) ? BigInt(value) : undefined;
}
