import type { SupplyGrid } from "@gridpact/broker";
import { loadFleet, loadGrid, type VnId } from "@gridpact/edge";

/** The voltage band of EN 50160 at low voltage. */
const BAND = { minPerMille: 900, maxPerMille: 1_100 };

const MILLE = 1_000;
const MICRO = 1_000_000;

/** Tables of the demonstration do not change, and every life of a simulated node asks. */
const known = new Map<VnId, SupplyGrid>();

/** The demonstration's grid as a node's agent takes it, with the places of all devices of the fleet. */
export function supplyGridOf(vnId: VnId): SupplyGrid {
  const grid = known.get(vnId) ?? readSupplyGrid(vnId);
  known.set(vnId, grid);
  return grid;
}

function readSupplyGrid(vnId: VnId): SupplyGrid {
  const { branches, sourcePu, nominalKv } = loadGrid(vnId);
  const indices = new Map(branches.map(({ bus }, index) => [bus, index]));
  const places = loadFleet().flatMap(({ deviceId, bus }) => {
    const index = indices.get(bus);
    return index === undefined ? [] : [[deviceId, index] as const];
  });
  return {
    nodes: branches.map(({ bus, fromBus, powerVaMax, resistanceOhm, reactanceOhm }) => ({
      nodeId: bus,
      parentIndex: fromBus === null ? -1 : (indices.get(fromBus) ?? -1),
      capacityW: powerVaMax === null ? null : Math.floor(powerVaMax),
      resistanceMicroOhm: Math.round(resistanceOhm * MICRO),
      reactanceMicroOhm: Math.round(reactanceOhm * MICRO),
    })),
    nodeIndexOf: Object.fromEntries(places),
    voltage: { nominalV: Math.round(nominalKv * MILLE), sourcePerMille: Math.round(sourcePu * MILLE), ...BAND },
  };
}
