import type { Disk } from "@gridpact/host";
import type { AcceptedReading, BatchOutcome } from "@gridpact/native";
import type { CheckpointedView } from "../view/index.ts";

const PATH = "window/latest-readings.json";

/** JSON has no bigint: registers and numbers are decimal text. */
type Checkpoint = {
  cursor: string;
  readings: (Omit<AcceptedReading, "seq" | "importWh" | "exportWh"> &
    Record<"seq" | "importWh" | "exportWh", string>)[];
};

/** The newest accepted reading of each device, by the time of its measurement; as many as the registry holds. */
export class LatestReadings implements CheckpointedView {
  readonly #disk: Disk;
  readonly #readings = new Map<string, AcceptedReading>();
  #cursor = 0n;
  #checkpointCursor = 0n;

  private constructor(disk: Disk) {
    this.#disk = disk;
  }

  /** Opens the newest checkpoint; the caller brings the view up to the end of the log. */
  static async open(disk: Disk): Promise<LatestReadings> {
    const view = new LatestReadings(disk);
    const bytes = await disk.read(PATH);
    if (bytes !== undefined) view.#restore(JSON.parse(Buffer.from(bytes).toString()) as Checkpoint);
    return view;
  }

  cursor(): bigint {
    return this.#cursor;
  }

  checkpointCursor(): bigint {
    return this.#checkpointCursor;
  }

  apply(outcome: BatchOutcome, nextWalSeq: bigint): void {
    for (const reading of outcome.newestReadings()) {
      const known = this.#readings.get(reading.deviceId);
      // What fills a gap comes late and is older than what is known.
      if (known === undefined || reading.measuredAtUnixMs > known.measuredAtUnixMs) {
        this.#readings.set(reading.deviceId, reading);
      }
    }
    this.#cursor = nextWalSeq;
  }

  /** Power in W, import positive; registers in Wh. Undefined for a device that never had a reading accepted. */
  find(deviceId: string): AcceptedReading | undefined {
    return this.#readings.get(deviceId);
  }

  async checkpoint(): Promise<void> {
    // Taken before the wait for the disk, together with the readings it belongs to.
    const cursor = this.#cursor;
    const readings: Checkpoint["readings"] = [...this.#readings.values()].map((reading) => ({
      ...reading,
      seq: `${reading.seq}`,
      importWh: `${reading.importWh}`,
      exportWh: `${reading.exportWh}`,
    }));
    const checkpoint: Checkpoint = { cursor: `${cursor}`, readings };
    await this.#disk.replace(PATH, Buffer.from(JSON.stringify(checkpoint)));
    this.#checkpointCursor = cursor;
  }

  #restore({ cursor, readings }: Checkpoint): void {
    for (const { seq, importWh, exportWh, ...rest } of readings) {
      const registers = { importWh: BigInt(importWh), exportWh: BigInt(exportWh) };
      this.#readings.set(rest.deviceId, { ...rest, seq: BigInt(seq), ...registers });
    }
    this.#cursor = BigInt(cursor);
    this.#checkpointCursor = this.#cursor;
  }
}
