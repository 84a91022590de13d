import type { NodeMember } from "../src/clusters/cluster-plan.ts";

const DAY_MS = 86_400_000;

type Traits = {
  feeder?: string;
  contractType?: string;
  capacityW?: number;
  eventCount?: number;
  /** Of 100 Wh promised in each event. */
  delivered?: (event: number) => number;
};

/** A member since ever, with a flat day and one event a day. */
export function sampleMember(prosumerId: string, traits: Traits = {}): NodeMember {
  const { feeder = "f1", contractType = "reduction", capacityW = 5_000, eventCount = 0, delivered } = traits;
  const events = Array.from({ length: eventCount }, (_, event) => ({
    eventId: `e${event}`,
    startUnixMs: event * DAY_MS,
    promisedWh: 100,
    deliveredWh: delivered?.(event) ?? 100,
  }));
  const dayW = new Array<number>(48).fill(500);
  return { prosumerId, feeder, contractType, capacityW, dayW, wattPerKelvin: null, events, memberSinceUnixMs: 0 };
}
