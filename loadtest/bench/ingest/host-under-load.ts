import { strict as assert } from "node:assert";
import { join } from "node:path";
import type { StoreConfig } from "@gridpact/broker";
import type { Engine } from "@gridpact/native";
import { Publisher, type Round, type RoundResult } from "../../src/generator/index.ts";
import { type CountedByNode, HostProcess, whenStoreHasAll } from "../../src/host/index.ts";
import { treeCpuSeconds } from "../../src/measure/index.ts";

/** One round, as the generator, the host's own counters and /proc saw it. */
export type MeasuredRound = RoundResult & {
  /** Of the host's whole process tree, until its store has everything. */
  hostCpuSeconds: number;
  generatorCpuSeconds: number;
  batches: number;
};

/** `name` is for people; `readings` MUST be those of the stock's envelopes, as the account goes by them. */
export type HostUnderLoadOptions = {
  name: string;
  engine: Engine["kind"];
  store: StoreConfig;
  devices: number;
  readings: number;
  stockPath: string;
  /** Of its own. */
  directory: string;
};

/** A host, and devices that send it one stock. */
export class HostUnderLoad {
  readonly options: HostUnderLoadOptions;
  readonly #host: HostProcess;
  readonly #publisher: Publisher;

  private constructor(options: HostUnderLoadOptions, host: HostProcess, publisher: Publisher) {
    this.options = options;
    this.#host = host;
    this.#publisher = publisher;
  }

  static async start(options: HostUnderLoadOptions): Promise<HostUnderLoad> {
    const { name, directory, engine, store, devices, stockPath } = options;
    const targetPath = join(directory, "target.json");
    const host = await HostProcess.start(
      { dataDirectory: join(directory, "data"), engine, store, devices, targetPath },
      { directory },
    );
    const publisher = await Publisher.open(name, { stock: stockPath, target: targetPath });
    return new HostUnderLoad(options, host, publisher);
  }

  /**
   * Plays one round and waits until the store has it.
   * @throws AssertionError when what was sent is not what was acknowledged, accepted and stored
   */
  async measure(round: Round): Promise<MeasuredRound> {
    const { health } = this.#host.ports();
    const before = await whenStoreHasAll(health);
    const cpuBefore = this.#cpu();
    const result = await this.#publisher.publish(round);
    const after = await whenStoreHasAll(health);
    const cpuAfter = this.#cpu();
    this.#reconcile(result, before, after);
    return {
      ...result,
      hostCpuSeconds: cpuAfter.host - cpuBefore.host,
      generatorCpuSeconds: cpuAfter.generator - cpuBefore.generator,
      batches: after.batches - before.batches,
    };
  }

  /** Of the host. */
  pid(): number {
    return this.#host.pid();
  }

  async close(): Promise<void> {
    await this.#publisher.close();
    await this.#host.close();
  }

  #cpu(): { host: number; generator: number } {
    return { host: treeCpuSeconds(this.#host.pid()), generator: treeCpuSeconds(this.#publisher.pid()) };
  }

  /** sent = acknowledged = accepted, as nothing of the stock is to be rejected; and all readings are stored. */
  #reconcile({ sent, acked }: RoundResult, before: CountedByNode, after: CountedByNode): void {
    const { store, readings } = this.options;
    const grown = (name: keyof CountedByNode) => after[name] - before[name];
    const counted = { acked, accepted: grown("accepted"), rejected: grown("rejected"), duplicate: grown("duplicate") };
    assert.deepEqual(counted, { acked: sent, accepted: sent, rejected: 0, duplicate: 0 });
    assert.equal(grown("readings"), sent * readings);
    if (store.kind !== "none") assert.equal(grown("storedReadings"), sent * readings);
  }
}
