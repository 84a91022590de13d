import assert from "node:assert/strict";
import { checkAmounts, checkDistinct, leastOf } from "./amounts.ts";
import type { Candidate } from "./candidate.ts";

/** How much devices at or below one bus, feeder or branch may change together, for each market time unit. */
export type EnergyLimit = {
  /** The id of the bus, feeder or branch; ids of the three kinds must differ. */
  readonly elementId: string;
  readonly changeWhMax: readonly bigint[];
};

/** Of the same market time units as the request; an element that is not among `limits` is unlimited. */
export type HeadroomOptions = {
  readonly candidates: readonly Candidate[];
  readonly limits: readonly EnergyLimit[];
  readonly unitCount: number;
};

/** What is still free on devices and limited elements while orders are given out. */
export class Headroom {
  /** By device: its own free energy and that of each limited element above it; elements are shared between devices. */
  readonly #rowsByDevice: Map<string, readonly bigint[][]>;

  /** @throws InvalidInputError for an element limited twice or a limit that does not cover every unit */
  constructor({ candidates, limits, unitCount }: HeadroomOptions) {
    checkDistinct(
      "elementId",
      limits.map(({ elementId }) => elementId),
    );
    for (const { elementId, changeWhMax } of limits)
      checkAmounts(`changeWhMax of ${elementId}`, changeWhMax, unitCount);
    const elementRows = new Map(limits.map(({ elementId, changeWhMax }) => [elementId, [...changeWhMax]]));
    this.#rowsByDevice = new Map(
      candidates.map((candidate) => [
        candidate.deviceId,
        [[...candidate.flexibilityWhMax], ...rowsAbove(candidate, elementRows)],
      ]),
    );
  }

  /** The most that can still be ordered from a device in a unit. */
  freeWh(deviceId: string, unit: number): bigint {
    const [own, ...above] = this.#rowsOf(deviceId);
    return leastOf(own?.[unit] ?? 0n, ...above.map((row) => row[unit] ?? 0n));
  }

  /** Takes an amount out; what is over the limit leaves nothing free rather than a debt. */
  take(deviceId: string, unit: number, amountWh: bigint): void {
    assert(amountWh >= 0n, "an order is not negative");
    for (const row of this.#rowsOf(deviceId)) {
      const freeWh = row[unit] ?? 0n;
      row[unit] = freeWh > amountWh ? freeWh - amountWh : 0n;
    }
  }

  #rowsOf(deviceId: string): readonly bigint[][] {
    const rows = this.#rowsByDevice.get(deviceId);
    assert(rows !== undefined, "only candidates receive orders");
    return rows;
  }
}

function rowsAbove({ busId, feederId, branchIds = [] }: Candidate, elementRows: ReadonlyMap<string, bigint[]>) {
  // A set, because a feeder may be named by its first branch: it must be charged once.
  const elementIds = new Set([busId, feederId, ...branchIds]);
  return [...elementIds].map((id) => elementRows.get(id)).filter((row) => row !== undefined);
}
