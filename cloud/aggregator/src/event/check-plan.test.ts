import type { Programme } from "@gridpact/contracts";
import { describe, expect, it } from "vitest";
import { QUARTER_MS, quarters, START, samplePlan } from "../../test/event-samples.ts";
import { checkPlan } from "./check-plan.ts";
import type { EventPlan } from "./dr-event.ts";

const OPTIONS = { mtuMs: QUARTER_MS, nowUnixMs: START - 1, programme: null };

const { priceMicroPerWhMax, penaltyMicroPerWh, penaltyCapPerMille } = samplePlan();

/** Allows the sample plan, and nothing dearer. */
const PROGRAMME = {
  programmeId: "peak-relief",
  priceMicroPerWhMax,
  penaltyMicroPerWhMax: penaltyMicroPerWh,
  penaltyCapPerMilleMax: BigInt(penaltyCapPerMille),
} as Programme;

describe("the check of a plan", () => {
  it("passes a plan that can be carried out", () => {
    expect(() => checkPlan(samplePlan(), OPTIONS)).not.toThrow();
    expect(() =>
      checkPlan(samplePlan({ eventId: "a".repeat(48), requestedWh: [0n, 0n, 0n, 1n] }), OPTIONS),
    ).not.toThrow();
  });

  it.each<[string, Partial<EventPlan>]>([
    ["an id that is no file name", { eventId: "../etc" }],
    ["an id that is too long for the ledger", { eventId: "a".repeat(49) }],
    ["no interval", { intervals: [], requestedWh: [] }],
    ["a gap", { intervals: [quarters(3)[0], quarters(3)[2]] as EventPlan["intervals"], requestedWh: [1n, 1n] }],
    [
      "intervals off the grid",
      { intervals: [{ startUnixMs: START + 1, endUnixMs: START + QUARTER_MS + 1 }], requestedWh: [1n] },
    ],
    [
      "intervals of another length",
      { intervals: [{ startUnixMs: START, endUnixMs: START + 2 * QUARTER_MS }], requestedWh: [1n] },
    ],
    ["too few energies", { requestedWh: [1n] }],
    ["a negative energy", { requestedWh: [1n, 1n, 1n, -1n] }],
    ["nothing at all", { requestedWh: [0n, 0n, 0n, 0n] }],
    ["a negative price", { priceMicroPerWhMax: -1n }],
    ["a cap that is no policy", { penaltyCapPerMille: 10_001 }],
    ["a cap that is no integer", { penaltyCapPerMille: 0.5 }],
  ])("refuses %s", (_, changes) => {
    expect(() => checkPlan(samplePlan(changes), OPTIONS)).toThrow(expect.objectContaining({ code: "PLAN_INVALID" }));
  });

  it.each<Partial<EventPlan>>([
    { priceMicroPerWhMax: priceMicroPerWhMax + 1n },
    { penaltyMicroPerWh: penaltyMicroPerWh + 1n },
    { penaltyCapPerMille: penaltyCapPerMille + 1 },
  ])("refuses what the programme does not allow: %o", (changes) => {
    const options = { ...OPTIONS, programme: PROGRAMME };
    expect(() => checkPlan(samplePlan(), options)).not.toThrow();
    expect(() => checkPlan(samplePlan(changes), options)).toThrow(`${Object.keys(changes)[0]} is at most`);
  });

  it("refuses an event that has begun", () => {
    expect(() => checkPlan(samplePlan(), { ...OPTIONS, nowUnixMs: START })).toThrow("future");
  });
});
