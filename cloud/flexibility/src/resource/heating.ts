import { InvalidInputError } from "../flexibility-error.ts";
import type { EventSteps, ResourceFlexibility } from "./flexibility.ts";

/**
 * A room heated by a heat pump, as one thermal mass behind one resistance (1R1C; Hao et al. 2015, "Aggregate
 * flexibility of thermostatically controlled loads"):
 *
 *      C dT/dt = COP P - (T - Toutside) / R,   comfortMinC <= T <= comfortMaxC
 */
export type HeatedRoom = {
  readonly temperatureC: number;
  readonly comfortMinC: number;
  readonly comfortMaxC: number;
  /** Heat that warms the room by one degree. */
  readonly capacityKwhPerK: number;
  /** Degrees of difference that lose one kW. */
  readonly resistanceKPerKw: number;
  /** Heat for each kWh of electricity. */
  readonly performance: number;
  readonly powerKwMax: number;
};

/**
 * The room would be held at its temperature; within comfort the pump may run less or more than that takes. What it
 * saves is needed again to return to that temperature, less what a cooler room loses less: the rebound.
 *
 * @param outsideC expected outside temperature in each step
 * @throws InvalidInputError for a room without mass, resistance or performance, or comfort bounds that are none
 */
export function heatingFlexibility(room: HeatedRoom, outsideC: Float64Array, event: EventSteps): ResourceFlexibility {
  checkRoom(room);
  const holdKw = Float64Array.from({ length: event.stepCount }, (_, step) =>
    holdingKw(room, outsideC[step] ?? Number.NaN),
  );
  const reduce = runAgainst(room, { holdKw, event, bound: "comfortMinC" });
  const increase = runAgainst(room, { holdKw, event, bound: "comfortMaxC" });
  const missingKwh = (room.capacityKwhPerK * reduce.movedK) / room.performance;
  const reducedKwh = sumOf(reduce.changeKw) * event.stepHours;
  return {
    reduceKwMax: reduce.changeKw,
    increaseKwMax: increase.changeKw,
    reduceKwhMax: reducedKwh,
    increaseKwhMax: sumOf(increase.changeKw) * event.stepHours,
    reboundRatio: reducedKwh > 0 ? Math.min(1, missingKwh / reducedKwh) : 0,
  };
}

/** Electric power that holds the room at its temperature. */
function holdingKw({ temperatureC, resistanceKPerKw, performance, powerKwMax }: HeatedRoom, outsideC: number): number {
  if (!Number.isFinite(outsideC)) throw new InvalidInputError("outsideC", "needs a temperature for each step");
  return Math.min(powerKwMax, Math.max(0, (temperatureC - outsideC) / (resistanceKPerKw * performance)));
}

/** The most that the pump can deviate, step after step, until the bound of comfort is reached. */
function runAgainst(
  room: HeatedRoom,
  { holdKw, event, bound }: { holdKw: Float64Array; event: EventSteps; bound: "comfortMinC" | "comfortMaxC" },
): { changeKw: Float64Array; movedK: number } {
  const { capacityKwhPerK, resistanceKPerKw, performance, powerKwMax } = room;
  // At its comfort bound already, there is no room to move in that direction.
  const roomK = Math.max(
    0,
    bound === "comfortMinC" ? room.temperatureC - room.comfortMinC : room.comfortMaxC - room.temperatureC,
  );
  let movedK = 0;
  const changeKw = holdKw.map((hold) => {
    const mostKw = bound === "comfortMinC" ? hold : powerKwMax - hold;
    // dK = dt/C (COP dP - dK/R): a deviation decays by itself, and what keeps it at the bound is free as well.
    const decayed = movedK * (1 - event.stepHours / (capacityKwhPerK * resistanceKPerKw));
    const perKw = (event.stepHours * performance) / capacityKwhPerK;
    const kw = Math.max(0, Math.min(mostKw, (roomK - decayed) / perKw));
    movedK = decayed + kw * perKw;
    return kw;
  });
  return { changeKw, movedK };
}

function checkRoom(room: HeatedRoom): void {
  const { capacityKwhPerK, resistanceKPerKw, performance, powerKwMax, comfortMinC, comfortMaxC } = room;
  if (!(capacityKwhPerK > 0 && resistanceKPerKw > 0 && performance > 0 && powerKwMax >= 0)) {
    throw new InvalidInputError("room", "mass, resistance and performance must be positive");
  }
  if (!(comfortMinC <= comfortMaxC)) throw new InvalidInputError("room", "comfort bounds are none");
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
