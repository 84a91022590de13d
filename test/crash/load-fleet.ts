import { issueEnrolmentToken } from "@gridpact/broker";
import { enrol, httpsPost } from "@gridpact/edge";
import { nodeDisk, SEED_BYTES, type SeededRandom, signingKeyFromSeed, systemRandom } from "@gridpact/host";
import { AckedEnvelopes } from "./acked-envelopes.ts";
import type { Listening } from "./host-process.ts";
import { LoadDevice } from "./load-device.ts";

export type FleetOptions = {
  /** Honest devices; a forger comes in addition. */
  devices: number;
  random: SeededRandom;
  /** Data directory of the host, where its operator leaves the tokens. */
  hostDirectory: string;
  /** Where the devices keep what they have. */
  directory: string;
};

/** All devices of a run, and what was acknowledged to them. */
export class LoadFleet {
  readonly acked = new AckedEnvelopes();
  readonly #devices: LoadDevice[] = [];
  #waiting: { isReached: () => boolean; resolve: () => void }[] = [];

  private constructor() {}

  /** Makes the devices members of the host's virtual node. */
  static async enrol(options: FleetOptions, host: Listening): Promise<LoadFleet> {
    const fleet = new LoadFleet();
    const deviceIds = Array.from({ length: options.devices }, (_, index) => `honest-${index + 1}`);
    for (const deviceId of [...deviceIds, "forger"]) await fleet.#enrol(deviceId, options, host);
    return fleet;
  }

  connect(port: number): Promise<unknown> {
    return Promise.all(this.#devices.map((device) => device.connect(port)));
  }

  /** Makes no new envelopes from now on. */
  drain(): void {
    for (const device of this.#devices) device.drain();
  }

  /** To be called when the host is gone. */
  disconnect(): Promise<unknown> {
    return Promise.all(this.#devices.map((device) => device.disconnect()));
  }

  unackedCount(): number {
    return this.#devices.reduce((sum, device) => sum + device.unackedCount(), 0);
  }

  resentCount(): number {
    return this.#devices.reduce((sum, device) => sum + device.resentCount(), 0);
  }

  /** Resolves when the condition holds; it is asked now and after every acknowledgement. */
  until(isReached: () => boolean): Promise<void> {
    if (isReached()) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push({ isReached, resolve });
    });
  }

  /** Forgets who waits: what they waited for will not come. */
  stopWaiting(): void {
    this.#waiting = [];
  }

  async #enrol(deviceId: string, options: FleetOptions, { ports, caPem }: Listening): Promise<void> {
    const random = options.random.fork(deviceId);
    const key = signingKeyFromSeed(random.bytes(SEED_BYTES));
    const grant = { deviceId, feeder: "F1" };
    const token = await issueEnrolmentToken(grant, { disk: nodeDisk(options.hostDirectory), random: systemRandom });
    const url = `https://127.0.0.1:${ports.enrolment}/enrol`;
    const disk = nodeDisk(`${options.directory}/${deviceId}`);
    const membership = await enrol({ deviceId, url, token, resources: [] }, { disk, key, post: httpsPost(caPem) });
    const isForger = deviceId === "forger";
    const device = new LoadDevice({ deviceId, key, membership, random, isForger }, (envelope) => {
      this.acked.add(envelope);
      this.#tellWaiting();
    });
    this.#devices.push(device);
  }

  #tellWaiting(): void {
    const reached = this.#waiting.filter(({ isReached }) => isReached());
    if (reached.length === 0) return;
    this.#waiting = this.#waiting.filter((each) => !reached.includes(each));
    for (const { resolve } of reached) resolve();
  }
}
