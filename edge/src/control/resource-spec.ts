import { RESOURCE_KIND, type Resource } from "@gridpact/proto";
import { Battery, type BatterySpec, batteryReserveWh } from "./battery.ts";
import { Dimmer, type DimmerSpec } from "./dimmer.ts";
import { Ev, type EvSpec } from "./ev.ts";
import { HeatPump, type HeatPumpSpec, heatPumpReserveWh } from "./heat-pump.ts";
import { Relay, type RelaySpec } from "./relay.ts";
import type { ResourceModel } from "./resource-model.ts";

/** What a controllable thing is, without its state. */
export type ResourceSpec = BatterySpec | DimmerSpec | EvSpec | HeatPumpSpec | RelaySpec;

/** A fresh model of the resource, at rest. */
export function createResourceModel(spec: ResourceSpec): ResourceModel {
  switch (spec.kind) {
    case "battery":
      return new Battery(spec);
    case "dimmer":
      return new Dimmer(spec);
    case "ev":
      return new Ev(spec);
    case "heat_pump":
      return new HeatPump(spec);
    case "relay":
      return new Relay(spec);
  }
}

/** What the device tells its virtual node about the resource at enrolment; 0 Wh means no limit by energy. */
export function describeResource(spec: ResourceSpec): Resource {
  const { resourceId } = spec;
  switch (spec.kind) {
    case "battery":
      return {
        resourceId,
        kind: RESOURCE_KIND.BATTERY,
        reduceWMax: spec.powerWMax,
        reduceWhMax: batteryReserveWh(spec),
      };
    case "dimmer": {
      const reduceWMax = (spec.load.maxW() * spec.depthPerMille) / 1_000n;
      return { resourceId, kind: RESOURCE_KIND.DIMMER, reduceWMax, reduceWhMax: 0n };
    }
    case "ev":
      return { resourceId, kind: RESOURCE_KIND.EV, reduceWMax: spec.ratedW, reduceWhMax: 0n };
    case "heat_pump":
      return {
        resourceId,
        kind: RESOURCE_KIND.HEAT_PUMP,
        reduceWMax: spec.ratedW,
        reduceWhMax: heatPumpReserveWh(spec),
      };
    case "relay":
      return { resourceId, kind: RESOURCE_KIND.RELAY, reduceWMax: spec.load.maxW(), reduceWhMax: 0n };
  }
}

/** The part of the connection point's load that the resource is; a battery is none of it. */
export function loadOf(spec: ResourceSpec): ResourceSpecLoad {
  return spec.kind === "battery" ? undefined : spec.load;
}

type ResourceSpecLoad = RelaySpec["load"] | undefined;
