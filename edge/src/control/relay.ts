import { RESOURCE_KIND } from "@gridpact/proto";
import type { PowerSeries } from "../profile/index.ts";
import type { Cell, ResourceModel } from "./resource-model.ts";

/** A load that is switched off and on; what it did not take while off is not caught up on. */
export type RelaySpec = { kind: "relay"; resourceId: string; load: PowerSeries };

/**
 * A relay that opened stays open for this long: compressors and people bear no chatter, and 15 min is one market
 * time unit, so that one switching is worth something.
 */
const OFF_MS_MIN = 900_000;

/** Switches its load off as a whole; opens only for a limit, closes by itself. */
export class Relay implements ResourceModel {
  readonly resourceId: string;
  readonly kind = RESOURCE_KIND.RELAY;
  readonly #load: PowerSeries;
  #offUntilUnixMs = 0;

  constructor(spec: RelaySpec) {
    this.resourceId = spec.resourceId;
    this.#load = spec.load;
  }

  wantedW(cell: Cell): bigint {
    return this.#isHeldOff(cell.startUnixMs) ? 0n : this.#load.powerWAt(cell.startUnixMs);
  }

  /** All or nothing: a relay cannot do a part. */
  reducedW(): bigint {
    return 0n;
  }

  /** Less than it wanted while closed can only mean that a limit opened it. */
  advance(cell: Cell, powerW: bigint): void {
    const wasOpened = powerW < this.wantedW(cell) && !this.#isHeldOff(cell.startUnixMs);
    if (wasOpened) this.#offUntilUnixMs = cell.startUnixMs + OFF_MS_MIN;
  }

  isAtRest(unixMs: number): boolean {
    return !this.#isHeldOff(unixMs);
  }

  #isHeldOff(unixMs: number): boolean {
    return unixMs < this.#offUntilUnixMs;
  }
}
