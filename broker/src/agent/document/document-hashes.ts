/** What the node commits to before an event, each as SHA-256 (hex) of a canonical JSON text. */
import { createHash } from "node:crypto";
import { canonicalJson } from "@gridpact/settlement";
import type { EventDocument } from "./event-document.ts";

/** Over canonical JSON, in hex: bigints as decimal text, keys sorted, so contract and auditor hash the same bytes. */
export function sha256OfJson(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}

/** Baselines of all candidates by device: those chosen and those that may replace them. */
export function baselinesOf({ candidates }: EventDocument): Record<string, bigint[]> {
  return Object.fromEntries(candidates.map(({ deviceId, baselineWh }) => [deviceId, baselineWh]));
}

/** Forecasts of all candidates by device, as they were when the plan was made: committed so that none is made after. */
export function forecastHash({ candidates }: EventDocument): string {
  return sha256OfJson(Object.fromEntries(candidates.map(({ deviceId, forecastWh }) => [deviceId, forecastWh])));
}

/** The plan as made before the event; replacements come later and are no part of it. */
export function planHash({ assignments }: Pick<EventDocument, "assignments">): string {
  const originals = assignments.filter(({ kind }) => kind === "original");
  return sha256OfJson(Object.fromEntries(originals.map(({ deviceId, orderedWh }) => [deviceId, orderedWh])));
}

/**
 * The acceptance document: the request word for word, and everything the node commits to. Its hash goes into SC1, so
 * neither side can later claim that another request was accepted.
 */
export function acceptanceDocument(event: EventDocument) {
  return {
    request: event.request,
    nominatedWh: event.nominatedWh,
    baselineCommitmentHex: sha256OfJson(baselinesOf(event)),
    forecastHashHex: forecastHash(event),
    planHashHex: planHash(event),
  };
}
