import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../flexibility-error.ts";
import { readInstance } from "./read-instance.ts";

const device = { id: "D0", node: "B1", p_max_kw: [1, 2], e_max_kwh: 0.5, price_eur_per_kwh: 0.1, rebound_ratio: 0.6 };
const file = {
  name: "small",
  kind: "lp",
  direction: "down",
  steps: 4,
  dt_h: 0.25,
  event: [1, 3],
  rebound_steps: 1,
  target_kwh: [0.1, 0.2],
  nodes: [
    { id: "B1", parent: "B0", cap_kw: 9, base_kw: [1, 2, 3, 4] },
    { id: "B0", parent: null, base_kw: [0, 0, 0, 0] },
  ],
  devices: [{ ...device, start_cost_eur: 0.3, e_min_kwh: 0.2 }],
};

describe("readInstance", () => {
  it("puts parents first, lets a node go without a limit and reads the rest as it stands", () => {
    const { name, problem } = readInstance(file);
    expect(name).toBe("small");
    expect(problem).toMatchObject({ direction: "reduce", eventStart: 1, eventEnd: 3, reboundSteps: 1 });
    expect(problem.nodes.map(({ nodeId, parentIndex, capacityKw }) => [nodeId, parentIndex, capacityKw])).toEqual([
      ["B0", -1, Number.POSITIVE_INFINITY],
      ["B1", 0, 9],
    ]);
    expect(problem.devices[0]).toMatchObject({ nodeIndex: 1, reboundRatio: 0.6 });
  });

  it("takes start cost and least energy from instances with choices only", () => {
    expect(readInstance(file).problem.devices[0]).toMatchObject({ startCostEur: 0, energyKwhMin: 0 });
    const device = readInstance({ ...file, kind: "milp" }).problem.devices[0];
    expect(device).toMatchObject({ startCostEur: 0.3, energyKwhMin: 0.2 });
  });

  it.each([
    ["no object", null, "instance"],
    ["an unknown direction", { ...file, direction: "left" }, "direction"],
    ["an event outside the steps", { ...file, event: [1, 9] }, "event"],
    ["a target of another length", { ...file, target_kwh: [1] }, "target_kwh"],
    ["a parent that is missing", { ...file, nodes: file.nodes.slice(0, 1) }, "nodes"],
    ["a node given twice", { ...file, nodes: [...file.nodes, ...file.nodes] }, "nodes"],
    ["a device at an unknown node", { ...file, devices: [{ ...device, node: "B9" }] }, "node"],
    ["a price that is no number", { ...file, devices: [{ ...device, price_eur_per_kwh: "1" }] }, "price_eur_per_kwh"],
    ["rebound beyond the last step", { ...file, rebound_steps: 2 }, "rebound_steps"],
    ["devices that are no list", { ...file, devices: {} }, "devices"],
    ["a device without a name", { ...file, devices: [{ ...device, id: "" }] }, "id"],
    ["steps without length", { ...file, dt_h: 0 }, "dt_h"],
  ])("rejects %s", (_, input, field) => {
    expect(() => readInstance(input)).toThrow(expect.objectContaining({ field }));
    expect(() => readInstance(input)).toThrow(InvalidInputError);
  });
});
