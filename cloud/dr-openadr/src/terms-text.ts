import type { BaselineMethod, DrRequest, DrResponse } from "@gridpact/proto";
import { readUnitJson, writeUnitJson } from "@gridpact/settlement";

/**
 * What OpenADR has no field for travels as one line of JSON in a text that the standard leaves to the parties: the
 * comment on an event, the description of an answer. Whoever does not know it can still follow the event.
 */

/** The part of a request that becomes a contract. */
export type ContractTerms = Pick<
  DrRequest,
  | "eventId"
  | "contractId"
  | "penaltyMicroPerWh"
  | "penaltyCapMicro"
  | "baselineMethod"
  | "fallbackVnIds"
  | "respondByUnixMs"
>;

const BASELINE_METHODS: readonly BaselineMethod[] = ["tenInTen", "highFiveOfTen", "meterBefore", "nominated"];

/** Field by field: whatever else a request comes to have is not told to the other party by accident. */
export function writeTerms(request: ContractTerms): string {
  const { eventId, contractId, penaltyMicroPerWh, penaltyCapMicro, baselineMethod, fallbackVnIds } = request;
  return writeUnitJson({
    eventId,
    contractId,
    penaltyMicroPerWh,
    penaltyCapMicro,
    baselineMethod,
    fallbackVnIds,
    respondByUnixMs: request.respondByUnixMs,
  });
}

/** Undefined for a text that does not state terms; the other party may write anything there. */
export function readTerms(text: string | undefined): ContractTerms | undefined {
  const terms = readObject(text);
  const isWhole =
    terms !== undefined &&
    typeof terms["eventId"] === "string" &&
    typeof terms["contractId"] === "string" &&
    typeof terms["penaltyMicroPerWh"] === "bigint" &&
    typeof terms["penaltyCapMicro"] === "bigint" &&
    BASELINE_METHODS.some((method) => method === terms["baselineMethod"]) &&
    isListOf(terms["fallbackVnIds"], "string") &&
    Number.isSafeInteger(terms["respondByUnixMs"]);
  return isWhole ? (terms as ContractTerms) : undefined;
}

/** What goes along with optIn or optOut: the nomination and the proof of acceptance, or the reason. */
export function writeAnswer({ isAccepted, nominatedWh, acceptanceProofHashHex, reason }: DrResponse): string {
  return isAccepted ? writeUnitJson({ nominatedWh, acceptanceProofHashHex }) : reason;
}

/** An optIn that nominates nothing readable stays one; who asked decides what it is worth. */
export function readAnswer(optType: "optIn" | "optOut", text: string | undefined): DrResponse {
  if (optType === "optOut") {
    return { isAccepted: false, nominatedWh: [], acceptanceProofHashHex: "", reason: text || "opted out" };
  }
  const answer = readObject(text);
  const { nominatedWh, acceptanceProofHashHex } = answer ?? {};
  return {
    isAccepted: true,
    nominatedWh: isListOf(nominatedWh, "bigint") ? (nominatedWh as bigint[]) : [],
    acceptanceProofHashHex: typeof acceptanceProofHashHex === "string" ? acceptanceProofHashHex : "",
    reason: "",
  };
}

function readObject(text: string | undefined): Record<string, unknown> | undefined {
  // Most descriptions are plain words, such as "OK".
  if (text?.startsWith("{") !== true) return undefined;
  try {
    return readUnitJson(text) as Record<string, unknown>;
  } catch {
    // Whatever the other party wrote there, it is not ours; it is no failure of this program either.
    return undefined;
  }
}

function isListOf(value: unknown, type: "string" | "bigint"): boolean {
  // An empty list fits any type.
  return Array.isArray(value) && value.every((each) => typeof each === type);
}
