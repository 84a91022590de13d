import { createHash } from "node:crypto";
import { writeUnitJson } from "@gridpact/settlement";
import { type Recommendation, recommend } from "./recommend.ts";
import { MODEL_VERSION, type WhatIfInputs } from "./what-if-inputs.ts";

/** A decision as it was taken, with all that it follows from. Hashes are SHA-256 (hex) of canonical JSON. */
export type Decision = {
  eventId: string;
  inputs: WhatIfInputs;
  inputsHashHex: string;
  recommendation: Recommendation;
  recommendationHashHex: string;
};

/** What taking a decision again shows. */
export type Replay =
  | { isSame: true }
  | { isSame: false; reason: "inputs_changed" | "recommendation_changed" | "other_model"; detail: string };

/** Decides, and keeps what the decision followed from. */
export function decide(inputs: WhatIfInputs): Decision {
  const recommendation = recommend(inputs);
  return {
    eventId: inputs.plan.eventId,
    inputs,
    inputsHashHex: hashOf(inputs),
    recommendation,
    recommendationHashHex: hashOf(recommendation),
  };
}

/** Takes a stored decision again from its inputs alone, and compares to the last bit. */
export function replay(decision: Decision): Replay {
  const { inputs, inputsHashHex, recommendationHashHex } = decision;
  if (inputs.modelVersion !== MODEL_VERSION) {
    return differs("other_model", `taken by ${inputs.modelVersion}, this is ${MODEL_VERSION}`);
  }
  const inputsNow = hashOf(inputs);
  if (inputsNow !== inputsHashHex) return differs("inputs_changed", `${inputsNow}, recorded ${inputsHashHex}`);
  const stated = hashOf(decision.recommendation);
  const again = hashOf(recommend(inputs));
  const wrong = [stated, again].find((hash) => hash !== recommendationHashHex);
  if (wrong === undefined) return { isSame: true };
  return differs("recommendation_changed", `${wrong}, recorded ${recommendationHashHex}`);
}

function differs(reason: Extract<Replay, { isSame: false }>["reason"], detail: string): Replay {
  return { isSame: false, reason, detail };
}

function hashOf(value: unknown): string {
  return createHash("sha256").update(writeUnitJson(value)).digest("hex");
}
