import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { DeviceLink } from "@gridpact/broker";
import { type Clock, wallClock } from "@gridpact/host";
import { encode } from "@gridpact/proto";

/** What became of one setpoint for everybody. */
export type FanOut = { eventId: string; sentUnixMs: number; devices: number; acknowledged: number };

const HOUR_MS = 3_600_000;

/** Below the load that k6's devices have, so that it asks for something. */
const IMPORT_W_MAX = 100n;

/**
 * Sends one setpoint to each device at once, over the link that the agent uses in an event, and resolves when each has
 * acknowledged it or is known not to be there.
 */
export async function fanOut(
  devices: DeviceLink,
  deviceIds: readonly string[],
  { clock, eventNo }: { clock: Clock; eventNo: number },
): Promise<FanOut> {
  const sentUnixMs = clock.nowUnixMs();
  const eventId = `fan-out/${eventNo}/${sentUnixMs}`;
  const interval = { startUnixMs: BigInt(sentUnixMs), endUnixMs: BigInt(sentUnixMs + HOUR_MS) };
  const bytes = encode("Setpoint", { eventId, revision: 1, limits: [{ ...interval, importWMax: IMPORT_W_MAX }] });
  const sent = await Promise.allSettled(deviceIds.map((deviceId) => devices.send(deviceId, "setpoint", bytes)));
  const acknowledged = sent.filter(({ status }) => status === "fulfilled").length;
  return { eventId, sentUnixMs, devices: deviceIds.length, acknowledged };
}

/** Serves POST on loopback: each is one fan-out, answered with what became of it. Returns the address. */
export async function serveFanOut(devices: DeviceLink, deviceIds: readonly string[]): Promise<string> {
  const clock = wallClock();
  let eventNo = 0;
  const server = createServer((_request, response) => {
    eventNo += 1;
    void fanOut(devices, deviceIds, { clock, eventNo }).then((result) => response.end(JSON.stringify(result)));
  });
  // The process ends when the virtual node is closed, whoever may still ask for a fan-out.
  server.unref();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
