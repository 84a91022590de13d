import { InvalidInputError } from "../flexibility-error.ts";
import type { DispatchDevice, DispatchNode, DispatchProblem, VoltageBand } from "./dispatch-problem.ts";

/** A dispatch problem as a file holds it. */
export type DispatchInstance = { readonly name: string; readonly problem: DispatchProblem };

type Fields = Readonly<Record<string, unknown>>;

/** Most steps of one instance: a week of quarter hours; a longer one is a mistake in the file. */
const STEPS_MAX = 672;

/**
 * Reads an instance: `direction` (`down` = reduce, `up` = increase), `steps`, `dt_h`, `event`, `rebound_steps`,
 * `target_kwh`, a tree of `nodes` (`base_kw`, `cap_kw`, optionally `r_ohm`, `x_ohm`, `q_kvar`), `devices`, optionally
 * `voltage`. `start_cost_eur` and `e_min_kwh` count in instances of kind `milp` only.
 *
 * @throws InvalidInputError that names the field
 */
export function readInstance(file: unknown): DispatchInstance {
  const fields = record(file, "instance");
  const stepCount = integerAt(fields, "steps", 1, STEPS_MAX);
  const [eventStart = -1, eventEnd = -1] = numbersAt(fields, "event", 2);
  if (!(eventStart >= 0 && eventStart < eventEnd && eventEnd <= stepCount)) throw fault("event", "lies outside");
  const width = eventEnd - eventStart;
  const direction = fields["direction"] === "down" ? "reduce" : "increase";
  if (direction === "increase" && fields["direction"] !== "up") throw fault("direction", "must be down or up");
  const nodes = orderedNodes(listAt(fields, "nodes"), stepCount);
  const nodeIndex = new Map(nodes.map(({ nodeId }, index) => [nodeId, index]));
  const isMilp = fields["kind"] === "milp";
  const problem: DispatchProblem = {
    direction,
    stepHours: positiveAt(fields, "dt_h"),
    eventStart,
    eventEnd,
    reboundSteps: integerAt(fields, "rebound_steps", 0, stepCount - eventEnd),
    targetKwh: numbersAt(fields, "target_kwh", width),
    nodes,
    devices: listAt(fields, "devices").map((each) => deviceOf(each, { width, nodeIndex, isMilp })),
    ...(fields["voltage"] == null ? {} : { voltage: voltageOf(record(fields["voltage"], "voltage")) }),
  };
  return { name: textAt(fields, "name"), problem };
}

function deviceOf(
  fields: Fields,
  { width, nodeIndex, isMilp }: { width: number; nodeIndex: ReadonlyMap<string, number>; isMilp: boolean },
): DispatchDevice {
  const deviceId = textAt(fields, "id");
  const index = nodeIndex.get(textAt(fields, "node"));
  if (index === undefined) throw fault("node", `${deviceId} is at an unknown node`);
  return {
    deviceId,
    nodeIndex: index,
    powerKwMax: numbersAt(fields, "p_max_kw", width),
    energyKwhMax: numberAt(fields, "e_max_kwh"),
    energyKwhMin: isMilp ? numberAt(fields, "e_min_kwh") : 0,
    priceEurPerKwh: numberAt(fields, "price_eur_per_kwh"),
    startCostEur: isMilp ? numberAt(fields, "start_cost_eur") : 0,
    reboundRatio: numberAt(fields, "rebound_ratio"),
  };
}

/** Parents first, whatever the order in the file. */
function orderedNodes(list: readonly Fields[], stepCount: number): DispatchNode[] {
  const open = new Map(list.map((fields) => [textAt(fields, "id"), fields]));
  if (open.size !== list.length) throw fault("nodes", "an id is given twice");
  const nodes: DispatchNode[] = [];
  const indexOf = new Map<string, number>();
  while (open.size > 0) {
    const ready = [...open].filter(([, { parent }]) => parent == null || indexOf.has(String(parent)));
    if (ready.length === 0) throw fault("nodes", "a parent is missing or the tree has a loop");
    for (const [nodeId, fields] of ready) {
      open.delete(nodeId);
      indexOf.set(nodeId, nodes.length);
      nodes.push(nodeOf(fields, { stepCount, parentIndex: indexOf.get(String(fields["parent"])) ?? -1 }));
    }
  }
  return nodes;
}

function nodeOf(fields: Fields, { stepCount, parentIndex }: { stepCount: number; parentIndex: number }): DispatchNode {
  const optional = (name: string) => (fields[name] == null ? 0 : numberAt(fields, name));
  return {
    nodeId: textAt(fields, "id"),
    parentIndex,
    capacityKw: fields["cap_kw"] == null ? Number.POSITIVE_INFINITY : numberAt(fields, "cap_kw"),
    loadKw: numbersAt(fields, "base_kw", stepCount),
    reactiveKvar: fields["q_kvar"] == null ? new Float64Array(stepCount) : numbersAt(fields, "q_kvar", stepCount),
    resistanceOhm: optional("r_ohm"),
    reactanceOhm: optional("x_ohm"),
  };
}

function voltageOf(fields: Fields): VoltageBand {
  return {
    sourcePu: positiveAt(fields, "v0_pu"),
    minPu: positiveAt(fields, "v_min_pu"),
    maxPu: positiveAt(fields, "v_max_pu"),
    baseKv: positiveAt(fields, "v_base_kv"),
  };
}

function record(value: unknown, field: string): Fields {
  if (typeof value !== "object" || value === null) throw fault(field, "must be an object");
  return value as Fields;
}

function listAt(fields: Fields, name: string): Fields[] {
  const list = fields[name];
  if (!Array.isArray(list)) throw fault(name, "must be a list");
  return list.map((each) => record(each, name));
}

function textAt(fields: Fields, name: string): string {
  const text = fields[name];
  if (typeof text !== "string" || text === "") throw fault(name, "must be a text");
  return text;
}

function numberAt(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== "number" || !Number.isFinite(value)) throw fault(name, "must be a number");
  return value;
}

function positiveAt(fields: Fields, name: string): number {
  const value = numberAt(fields, name);
  if (value <= 0) throw fault(name, "must be positive");
  return value;
}

function integerAt(fields: Fields, name: string, least: number, most: number): number {
  const value = numberAt(fields, name);
  if (!Number.isInteger(value) || value < least || value > most) throw fault(name, `must be ${least} to ${most}`);
  return value;
}

function numbersAt(fields: Fields, name: string, length: number): Float64Array {
  const list = fields[name];
  if (!Array.isArray(list) || list.length !== length) throw fault(name, `needs ${length} values`);
  return Float64Array.from(list, (_, index) => numberAt(list as unknown as Fields, String(index)));
}

function fault(field: string, reason: string): InvalidInputError {
  return new InvalidInputError(field, reason);
}
