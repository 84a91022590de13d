import type { AppendFile, Disk } from "@gridpact/host";

/** A disk whose syncs of appended files do not come to their end before the test says so. */
export class HeldDisk implements Disk {
  readonly #disk: Disk;
  readonly #waiting: (() => void)[] = [];
  #isHeld = false;

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    for (const proceed of this.#waiting.splice(0)) proceed();
  }

  /** Syncs that wait. */
  waiting(): number {
    return this.#waiting.length;
  }

  async openAppend(path: string): Promise<AppendFile> {
    const file = await this.#disk.openAppend(path);
    return {
      sizeBytes: () => file.sizeBytes(),
      append: (bytes) => file.append(bytes),
      truncate: (sizeBytes) => file.truncate(sizeBytes),
      close: () => file.close(),
      sync: async () => {
        if (this.#isHeld) await new Promise<void>((resolve) => this.#waiting.push(resolve));
        await file.sync();
      },
    };
  }

  read(path: string): Promise<Uint8Array | undefined> {
    return this.#disk.read(path);
  }

  replace(path: string, bytes: Uint8Array): Promise<void> {
    return this.#disk.replace(path, bytes);
  }

  list(directory: string): Promise<string[]> {
    return this.#disk.list(directory);
  }

  remove(path: string): Promise<void> {
    return this.#disk.remove(path);
  }
}
