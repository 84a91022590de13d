import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ClusterPlan } from "@gridpact/aggregator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/temporary-data.ts";
import { openDataDirectory } from "../process/data-directory.ts";
import { runClusters } from "./run-clusters.ts";

const PLAN: ClusterPlan = {
  plannedAtUnixMs: Date.UTC(2016, 0, 28, 12),
  guidelines: { membersMin: 2, membersMax: 9, capacityWMax: 9, movesMax: 1, dwellMs: 1, gainPerMilleMin: 20 },
  inputsHashHex: "ab",
  prosumerCount: 3,
  eventCount: 9,
  initial: { clusters: [{ feeder: "f1", contractType: "reduction", prosumerIds: ["a", "b"] }], unplacedIds: ["c"] },
  moves: [{ memberId: "a", fromVnId: "district", toVnId: "offices" }],
  expectedErrorPerMille: 214,
  movedErrorPerMille: 180,
  reasons: ["1 moves lower it"],
};

const folder = temporaryFolder({ beforeEach, afterEach });
let written = "";
const write = (text: string) => {
  written += text;
};

function directoryWith(plans: readonly ClusterPlan[]): string {
  const data = openDataDirectory(join(folder(), "run"), { isFresh: false });
  mkdirSync(data.at("aggregator", "clusters"), { recursive: true });
  writeFileSync(data.at("aggregator", "clusters", "plans.json"), JSON.stringify(plans));
  written = "";
  return data.root;
}

describe("gridpact clusters", () => {
  it("shows the newest plan", () => {
    runClusters({ dataDirectory: directoryWith([{ ...PLAN, moves: [] }, PLAN]), json: false }, write);
    expect(written).toContain("from 3 prosumers, 9 events");
    expect(written).toContain("1  f1 (reduction), 2: a b");
    expect(written).toContain("in none: c");
    expect(written).toContain("miss 21.4 % of what is promised, after moves 18 %");
    expect(written).toContain("move ab.a  a from district to offices, proposed");
  });

  it("writes it as one line of JSON for machines", () => {
    runClusters({ dataDirectory: directoryWith([PLAN]), json: true }, write);
    const open = { state: "proposed", reason: "", approvedAtUnixMs: null, endedAtUnixMs: null };
    const moves = [{ moveId: "ab.a", deviceId: "a", fromVnId: "district", toVnId: "offices", ...open }];
    expect(JSON.parse(written)).toEqual({ ...PLAN, moves });
  });

  it("says when there is none", () => {
    const dataDirectory = directoryWith([]);
    expect(() => runClusters({ dataDirectory, json: false }, write)).toThrow("no node has described its prosumers");
  });
});
