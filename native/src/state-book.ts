import { isDeepStrictEqual } from "node:util";
import { cloneDeviceState, type DeviceState, newDeviceState } from "./device-state.ts";

/**
 * States of all devices, with drafts: a group changes drafts only, which become the states when its records are
 * durable and are forgotten when they are not, so that a batch refused by a full disk may be tried again.
 */
export class StateBook {
  readonly #states: Map<string, DeviceState>;
  readonly #drafts = new Map<string, DeviceState>();

  /** @param states where to begin; they are not changed */
  constructor(states: ReadonlyMap<string, DeviceState>) {
    this.#states = new Map(states);
  }

  /** The device's draft, made at first use. */
  draft(deviceId: string): DeviceState {
    const known = this.#drafts.get(deviceId);
    if (known !== undefined) return known;
    const state = this.#states.get(deviceId);
    const draft = state === undefined ? newDeviceState() : cloneDeviceState(state);
    this.#drafts.set(deviceId, draft);
    return draft;
  }

  commit(): void {
    for (const [deviceId, state] of this.#drafts) this.#states.set(deviceId, state);
    this.#drafts.clear();
  }

  rollBack(): void {
    this.#drafts.clear();
  }

  /** What was committed of all devices but those of which there is nothing to remember. */
  committed(): Map<string, DeviceState> {
    return new Map([...this.#states].filter(([, state]) => !isDeepStrictEqual(state, newDeviceState())));
  }

  /** Devices whose committed state is under quarantine, sorted. */
  quarantined(): string[] {
    return [...this.#states].flatMap(([deviceId, state]) => (state.isQuarantined ? [deviceId] : [])).sort();
  }
}
