import type { Clock, Log } from "@gridpact/host";
import { encode, type PowerLimit } from "@gridpact/proto";
import type { DeviceLink } from "../links.ts";

/** Setpoints that are remembered; a node has no more devices than this. Beyond, one may go out again too early. */
const REMEMBERED_MAX = 16_384;

/**
 * Sends setpoints and sends them again every so often, because a device may have been away or have restarted. The same
 * setpoint twice is harmless: it has the same revision.
 */
export class SetpointSender {
  readonly #modules: { clock: Clock; deviceLink: DeviceLink; log: Log };
  readonly #resendMs: number;
  readonly #sentAtUnixMs = new Map<string, number>();

  constructor(options: { resendMs: number }, modules: { clock: Clock; deviceLink: DeviceLink; log: Log }) {
    this.#resendMs = options.resendMs;
    this.#modules = modules;
  }

  /** Does nothing when the same setpoint went out not long ago. */
  send(setpoint: { deviceId: string; eventId: string; revision: number; limits: PowerLimit[] }): void {
    const { clock, deviceLink, log } = this.#modules;
    const { deviceId, eventId, revision, limits } = setpoint;
    const key = `${eventId}/${deviceId}/${revision}`;
    const nowUnixMs = clock.nowUnixMs();
    const sentAtUnixMs = this.#sentAtUnixMs.get(key);
    if (sentAtUnixMs !== undefined && nowUnixMs < sentAtUnixMs + this.#resendMs) return;
    if (this.#sentAtUnixMs.size >= REMEMBERED_MAX) this.#sentAtUnixMs.clear();
    this.#sentAtUnixMs.set(key, nowUnixMs);
    const bytes = encode("Setpoint", { eventId, revision, limits });
    deviceLink.send(deviceId, "setpoint", bytes).catch((error) => {
      log.warn("setpoint_not_sent", { deviceId, eventId, reason: String(error) });
      this.#sentAtUnixMs.delete(key);
    });
  }
}
