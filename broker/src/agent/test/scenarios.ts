import { decode } from "@gridpact/proto";
import type { VnAgentOptions } from "../agent-options.ts";
import { AgentBench, drRequest, END } from "./agent-bench.ts";
import type { DeviceTraits } from "./fake-device.ts";

export const MINUTE_MS = 60_000;
export const SETTLED = END + 10 * MINUTE_MS;
export const FOUR_SOUND: Record<string, DeviceTraits> = { a: {}, b: {}, c: {}, d: {} };

/** Opens a bench with a request of 200 Wh in each quarter, which two of the devices can serve. */
export async function openBench(
  traits: Record<string, DeviceTraits>,
  orderedWh = 200n,
  options: Partial<VnAgentOptions> = {},
): Promise<AgentBench> {
  const bench = new AgentBench(traits, options);
  await bench.open();
  bench.aggregator.requests.push(drRequest(orderedWh));
  return bench;
}

export function served(bench: AgentBench) {
  return bench
    .event()
    .assignments.map(({ deviceId, kind, firstInterval, status }) => [deviceId, kind, firstInterval, status]);
}

export function sc1(bench: AgentBench) {
  return bench.chain.contracts.sc1.get("peak.district");
}

export function setpointsOf(bench: AgentBench, deviceId: string) {
  const received = bench.devices.get(deviceId)?.received ?? [];
  return received.filter(({ channel }) => channel === "setpoint").map(({ bytes }) => decode("Setpoint", bytes));
}
