import { type AppendFile, type Disk, SimulatedDiskError } from "@gridpact/host";

/** A disk whose power goes after so many steps; several disks may share the power. */
export class DyingDisk implements Disk {
  readonly #disk: Disk;
  readonly #power: { stepsLeft: number };

  constructor(disk: Disk, power: { stepsLeft: number }) {
    this.#disk = disk;
    this.#power = power;
  }

  async openAppend(path: string): Promise<AppendFile> {
    this.#step();
    return this.#disk.openAppend(path);
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    return this.#disk.read(path);
  }

  async replace(path: string, bytes: Uint8Array): Promise<void> {
    this.#step();
    return this.#disk.replace(path, bytes);
  }

  async list(directory: string): Promise<string[]> {
    return this.#disk.list(directory);
  }

  async remove(path: string): Promise<void> {
    this.#step();
    return this.#disk.remove(path);
  }

  #step(): void {
    if (this.#power.stepsLeft === 0) throw new SimulatedDiskError("ECRASHED");
    this.#power.stepsLeft -= 1;
  }
}
