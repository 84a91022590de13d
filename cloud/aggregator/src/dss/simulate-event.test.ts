import { SeededRandom } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import { sampleInputs, sampleNode } from "../../test/what-if-samples.ts";
import { simulateEvent } from "./simulate-event.ts";
import type { MarketOutlook } from "./what-if-inputs.ts";

/** So many events of one kind that the prior hardly counts; the seeds below never draw it. */
const ALWAYS = (perMille: number) => Array.from({ length: 64 }, () => perMille);
const OUTLOOK: MarketOutlook = {
  carbonGramPerKwh: [400, 400, 400, 400],
  priceMicroPerWh: [100n, 100n, 100n, 100n],
  carbonAfterGramPerKwh: 200,
  priceAfterMicroPerWh: 50n,
};

describe("simulateEvent", () => {
  it("has everything delivered by a node that always delivers, at its price and without help", () => {
    const inputs = sampleInputs([sampleNode("district", { past: ALWAYS(1_000) })]);
    const course = simulateEvent(inputs, "cost", new SeededRandom("sound-2"));
    expect(Number(course.deliveredWh)).toBeGreaterThan(1_950);
    expect(course.hasCalledFallback).toBe(false);
    expect(course.calledWh).toEqual(new Map([["district", 2_000n]]));
    expect(course.costMicro).toBeLessThanOrEqual(2_000n * 60n);
    expect(course).toMatchObject({ avoidedCarbonGram: null, marketValueMicro: null, connectionLoadPerMille: null });
  });

  it("calls in another node when one persistently falls short, by the rules of the live event", () => {
    const nodes = [sampleNode("district", { past: ALWAYS(300) }), sampleNode("offices", { price: 80n })];
    const reliable = nodes.map((node) => ({ ...node, reliabilityPerMille: 1_000 }));
    const course = simulateEvent(sampleInputs(reliable), "cost", new SeededRandom("short"));
    expect(course.hasCalledFallback).toBe(true);
    expect([...course.calledWh.keys()]).toEqual(["district", "offices"]);
    const alone = simulateEvent(sampleInputs(reliable.slice(0, 1)), "cost", new SeededRandom("short"));
    expect(course.deliveredWh).toBeGreaterThan(alone.deliveredWh);
  });

  it("asks nobody when nobody can serve, and delivers nothing", () => {
    const course = simulateEvent(sampleInputs([sampleNode("empty", { reduceWMax: 0 })]), "cost", new SeededRandom("x"));
    expect(course).toMatchObject({ deliveredWh: 0n, costMicro: 0n, reboundWh: 0n, hasCalledFallback: false });
  });

  it("takes penalties off the cost, up to the contract's cap", () => {
    const inputs = sampleInputs([{ ...sampleNode("district", { past: ALWAYS(0) }), reliabilityPerMille: 1_000 }]);
    const course = simulateEvent(inputs, "cost", new SeededRandom("nothing"));
    // 2,000 Wh at 50 micro/Wh of penalty; the cap is the value of the contract, 2,000 Wh at 60.
    expect(Number(course.costMicro)).toBeLessThan(-80_000);
    expect(Number(course.costMicro)).toBeGreaterThanOrEqual(-120_000);
  });

  it("subtracts what is caught up on from carbon and market value", () => {
    const node = (rebound: number) => sampleNode("district", { past: ALWAYS(1_000), rebound });
    const play = (rebound: number) =>
      simulateEvent(sampleInputs([node(rebound)], { outlook: OUTLOOK }), "cost", new SeededRandom("carbon"));
    const [shed, shifted] = [play(0), play(1_000)];
    const deliveredWh = shed.deliveredWh;
    expect(shed.avoidedCarbonGram).toBe(Number((deliveredWh * 400n) / 1_000n));
    expect(shed.marketValueMicro).toBe(deliveredWh * 100n);
    expect(shifted.reboundWh).toBe(deliveredWh);
    expect(shifted.avoidedCarbonGram).toBe(Number((deliveredWh * 200n) / 1_000n));
    expect(shifted.marketValueMicro).toBe(deliveredWh * 50n);
  });

  it("tells the highest load of a connection while devices catch up", () => {
    const nodes = [sampleNode("district", { past: ALWAYS(1_000), rebound: 1_000, importWMax: 20_000 })];
    const course = simulateEvent(sampleInputs(nodes), "cost", new SeededRandom("load"));
    // 12,000 W of import and about 2,000 Wh that come back within two hours.
    expect(course.connectionLoadPerMille).toBeGreaterThan(640);
    expect(course.connectionLoadPerMille).toBeLessThanOrEqual(650);
  });
});
