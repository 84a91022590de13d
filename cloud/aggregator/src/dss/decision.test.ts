import { SeededRandom, SimulatedDisk } from "@gridpact/host";
import { readUnitJson, writeUnitJson } from "@gridpact/settlement";
import { describe, expect, it } from "vitest";
import { samplePlan } from "../../test/event-samples.ts";
import { sampleInputs, sampleNode } from "../../test/what-if-samples.ts";
import { type Decision, decide, replay } from "./decision.ts";
import { DecisionBook } from "./decision-book.ts";
import { inputsFor, NODES_OF_EACH_STRATEGY_MAX } from "./inputs-for.ts";

const decision = decide(sampleInputs([sampleNode("district"), sampleNode("offices", { price: 80n })], { draws: 16 }));

describe("a decision", () => {
  it("is taken again from what was kept of it, bit for bit, over a restart", async () => {
    const disk = new SimulatedDisk(new SeededRandom("decisions"));
    await new DecisionBook(disk).save(decision);
    disk.crash();
    const stored = await new DecisionBook(disk).find("evening-peak");
    expect(stored).toEqual(decision);
    expect(replay(stored as Decision)).toEqual({ isSame: true });
    expect(await new DecisionBook(disk).find("other")).toBeUndefined();
  });

  const change = (edit: (changed: Decision) => void) => {
    const changed = readUnitJson(writeUnitJson(decision)) as Decision;
    edit(changed);
    return replay(changed);
  };

  it("is found to be different when somebody changed what it followed from", () => {
    const seed = change((changed) => {
      changed.inputs.seed = "luckier";
    });
    expect(seed).toMatchObject({ isSame: false, reason: "inputs_changed" });
    const node = change((changed) => {
      changed.inputs.nodes = changed.inputs.nodes.map((each) => ({ ...each, reliabilityPerMille: 1 }));
    });
    expect(node).toMatchObject({ isSame: false, reason: "inputs_changed" });
  });

  it("is found to be different when somebody changed what was recommended", () => {
    const recommended = change((changed) => {
      changed.recommendation.recommended = "fairness";
    });
    expect(recommended).toMatchObject({ isSame: false, reason: "recommendation_changed" });
    const hash = change((changed) => {
      changed.recommendationHashHex = "00".repeat(32);
    });
    expect(hash).toMatchObject({ isSame: false, reason: "recommendation_changed" });
  });

  it("is not judged by another model than its own", () => {
    const model = change((changed) => {
      (changed.inputs as { modelVersion: string }).modelVersion = "what-if-0";
    });
    expect(model).toMatchObject({ isSame: false, reason: "other_model" });
  });

  it("looks at the best nodes of each strategy only, however many there are", () => {
    const nodes = Array.from({ length: 100 }, (_, index) => sampleNode(`vn-${index}`, { price: BigInt(index) }));
    const { options, nowUnixMs } = sampleInputs([]);
    const { inputs } = inputsFor(samplePlan(), { wanted: "cost", draws: 1, nodes, outlook: null, nowUnixMs, options });
    expect(inputs.nodes.length).toBeGreaterThanOrEqual(NODES_OF_EACH_STRATEGY_MAX);
    expect(inputs.nodes.length).toBeLessThanOrEqual(4 * NODES_OF_EACH_STRATEGY_MAX);
    expect(inputs.nodes[0]?.vnId).toBe("vn-0");
  });
});
