import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AggregatorCore, type EventPlan } from "@gridpact/aggregator";
import { nodeDisk, silentLog, VirtualClock } from "@gridpact/host";
import { readUnitJson, writeUnitJson } from "@gridpact/settlement";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDataDirectory } from "../process/data-directory.ts";
import { runReplay } from "./run-replay.ts";

const START = Date.UTC(2016, 0, 28, 12);
const PLAN: EventPlan = {
  eventId: "noon",
  intervals: [{ startUnixMs: START, endUnixMs: START + 900_000 }],
  requestedWh: [500n],
  priceMicroPerWhMax: 100n,
  penaltyMicroPerWh: 50n,
  penaltyCapPerMille: 1_000,
  baselineMethod: "tenInTen",
};

let folder = "";
let root = "";
let written = "";
const write = (text: string) => {
  written += text;
};

/** A real aggregator decides about one event, on a real disk. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "gridpact-replay-"));
  root = join(folder, "run");
  written = "";
  openDataDirectory(root, { isFresh: false });
  const unused = () => Promise.reject(new Error("no ledger is asked for a decision"));
  const core = await AggregatorCore.open(
    { whatIfDraws: 8 },
    {
      clock: new VirtualClock(START - 3_600_000),
      disk: nodeDisk(join(root, "aggregator")),
      ledger: { evaluate: unused, chainInfo: unused },
      outbox: { execute: unused },
      log: silentLog,
    },
  );
  await core.enrolVirtualNode({ vnId: "district", mspId: "VnMSP", priceMicroPerWh: 60n });
  await core.register({ vnId: "district", feidCount: 3, importW: 9_000, reduceWMax: 4_000, reboundPerMille: 500 });
  await core.planEvent(PLAN);
});
afterEach(() => rmSync(folder, { recursive: true }));

const options = (decision: string, json = false) => ({ decision, dataDirectory: root, json });

describe("gridpact replay", () => {
  it("takes a decision again by the id of its event, and says that it is the same", () => {
    expect(runReplay(options("noon"), write)).toBe(0);
    expect(written).toMatch(/^event {11}noon$/m);
    expect(written).toMatch(/^SAME: taken again, bit for bit$/m);
  });

  it("says so as JSON", () => {
    expect(runReplay(options("noon", true), write)).toBe(0);
    expect(JSON.parse(written)).toMatchObject({ eventId: "noon", isSame: true });
  });

  it("finds a decision that was changed", () => {
    const path = join(root, "changed.json");
    const decision = readUnitJson(JSON.stringify(decisionOf())) as { inputs: { seed: string } };
    decision.inputs.seed = "luckier";
    writeFileSync(path, writeUnitJson(decision));
    expect(runReplay(options(path), write)).toBe(1);
    expect(written).toMatch(/^DIFFERENT \(inputs_changed\)/m);
  });

  it.each([
    ["is not there", "midnight"],
    ["is no JSON", "broken.json"],
    ["is another document", "other.json"],
  ])("refuses a decision that %s", (_, name) => {
    writeFileSync(join(root, "broken.json"), "{");
    writeFileSync(join(root, "other.json"), "{}");
    const wanted = name.endsWith(".json") ? join(root, name) : name;
    expect(() => runReplay(options(wanted), write)).toThrow(expect.objectContaining({ code: "INPUT" }));
  });
});

function decisionOf(): unknown {
  return JSON.parse(readFileSync(join(root, "aggregator", "decisions", "noon.json"), "utf8"));
}
