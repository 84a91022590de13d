import { RESOURCE_KIND } from "@gridpact/proto";
import type { PowerSeries } from "../profile/index.ts";
import { type Cell, maxW, type ResourceModel } from "./resource-model.ts";

/** A load, such as lighting, that can be dimmed without steps by up to `depthPerMille` of what it takes. */
export type DimmerSpec = { kind: "dimmer"; resourceId: string; load: PowerSeries; depthPerMille: bigint };

/** Follows a limit without delay and without anything to make up for later. */
export class Dimmer implements ResourceModel {
  readonly resourceId: string;
  readonly kind = RESOURCE_KIND.DIMMER;
  readonly #load: PowerSeries;
  readonly #depthPerMille: bigint;

  constructor(spec: DimmerSpec) {
    this.resourceId = spec.resourceId;
    this.#load = spec.load;
    this.#depthPerMille = spec.depthPerMille;
  }

  wantedW(cell: Cell): bigint {
    return this.#load.powerWAt(cell.startUnixMs);
  }

  /** As little as is asked for, but no deeper than people can still see. */
  reducedW(_cell: Cell, ask: { wantedW: bigint; needW: bigint }): bigint {
    const floorW = ask.wantedW - (ask.wantedW * this.#depthPerMille) / 1_000n;
    return maxW(ask.wantedW - ask.needW, floorW);
  }

  /** Light that was not made is not made later: nothing to remember. */
  advance(): void {}

  isAtRest(): boolean {
    return true;
  }
}
