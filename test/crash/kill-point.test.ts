import { SeededRandom } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import { killPoint } from "./kill-point.ts";

function points(seed: string, count: number) {
  const random = new SeededRandom(seed);
  return Array.from({ length: count }, () => killPoint(random, { isFirst: false }));
}

describe("kill points", () => {
  it("are the same for the same seed, and others for another", () => {
    expect(points("a", 20)).toEqual(points("a", 20));
    expect(points("a", 20)).not.toEqual(points("b", 20));
  });

  it("lie mostly under load, and now and then in the recovery from the kill before", () => {
    const phases = points("a", 200).map(({ phase }) => phase);
    expect(phases.filter((phase) => phase === "recovery").length).toBeGreaterThan(10);
    expect(phases.filter((phase) => phase === "load").length).toBeGreaterThan(150);
  });

  it("let a first life come to its load", () => {
    const random = new SeededRandom("a");
    for (let life = 0; life < 200; life++) expect(killPoint(random, { isFirst: true }).phase).toBe("load");
  });
});
