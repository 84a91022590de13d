import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type EmissionsOptions, runEmissions } from "./run-emissions.ts";

let folder = "";
let written = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gridpact-emissions-"));
  written = "";
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(name: string, lines: string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}

const HOURS = Array.from({ length: 24 }, (_, hour) => `2016-08-01T${String(hour).padStart(2, "0")}:00:00`);

function options(changes: Partial<EmissionsOptions> = {}): EmissionsOptions {
  const load = HOURS.map((hour, index) => `${hour},${index === 18 ? 2 : 0},1`);
  const carbon = HOURS.map((hour, index) => `${hour},20,${index === 20 ? 0.1 : 0.4}`);
  return {
    loadPath: file("load.csv", ["ts,H01,H02", ...load]),
    carbonPath: file("carbon.csv", ["ts,temp_c,carbon_kg_per_kwh", ...carbon]),
    means: { shiftablePerMille: 500, battery: null },
    json: true,
    ...changes,
  };
}

const run = (changes: Partial<EmissionsOptions> = {}) =>
  runEmissions(options(changes), (text) => {
    written += text;
  });

describe("gridpact emissions", () => {
  it("tells for each household what waiting would have avoided", () => {
    run();
    const { households } = JSON.parse(written);
    expect(households).toHaveLength(2);
    expect(households[0]).toMatchObject({ household: "H01", hours: 24, hoursLeftOut: 0 });
    expect(households[0].scenarios[1]).toMatchObject({ name: "wait up to 2 h", avoidedGram: 300 });
  });

  it("prints a table for people", () => {
    run({ json: false });
    expect(written).toMatch(/^H01 \(24 hours\)\n {2}as it was +0\.8 kg +0\.0 % less/);
  });

  it("leaves hours out that have no value, and says how many", () => {
    run({ carbonPath: file("short.csv", ["ts,carbon_kg_per_kwh", `${HOURS[0]},0.4`, `${HOURS[1]},`]) });
    expect(JSON.parse(written).households[0]).toMatchObject({ hours: 1, hoursLeftOut: 23 });
  });

  it.each<[string, () => Partial<EmissionsOptions>]>([
    ["that is not there", () => ({ loadPath: join(folder, "none.csv") })],
    ["without carbon", () => ({ carbonPath: file("other.csv", ["ts,temp_c", `${HOURS[0]},1`]) })],
    ["with words for numbers", () => ({ loadPath: file("words.csv", ["ts,H01", `${HOURS[0]},much`]) })],
  ])("refuses a file %s", (_, changes) => {
    expect(() => run(changes())).toThrow(expect.objectContaining({ code: "INPUT" }));
  });
});
