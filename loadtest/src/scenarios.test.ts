import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { isScenario, SCENARIOS, settingOf } from "./scenarios.ts";

it("has a script for each scenario, and no other script but what they share", () => {
  const scripts = readdirSync(fileURLToPath(new URL("../k6", import.meta.url)));
  expect(scripts.sort()).toEqual([...SCENARIOS.map((name) => `${name}.js`), "virtual-node.js"].sort());
});

it("knows a scenario from anything else", () => {
  expect(["steady", "virtual-node", "", "-e"].map(isScenario)).toEqual([true, false, false, false]);
});

it("finds a setting as k6 does: the last one counts", () => {
  const options = ["-e", "DEVICES=3", "-q", "-e", "DEVICES=40", "-e", "DEVICES_MORE=5"];
  expect(settingOf("DEVICES", options)).toBe("40");
  expect(settingOf("DEVICES", ["-e"])).toBeUndefined();
  expect(settingOf("DEVICES", ["DEVICES=3"])).toBeUndefined();
});

it.each([
  [["-e", "DEVICES=7"]],
  [["-eDEVICES=7"]],
  [["-e=DEVICES=7"]],
  [["--env", "DEVICES=7"]],
  [["--env=DEVICES=7"]],
])("finds a setting however k6 may be told it: %j", (options) => {
  expect(settingOf("DEVICES", options)).toBe("7");
});
