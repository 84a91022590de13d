import { type AppendFile, type Disk, SimulatedDiskError } from "@gridpact/host";

/** A disk as one process sees it: when the process is killed, nothing of it reaches the disk any more. */
export class ProcessDisk implements Disk {
  readonly #disk: Disk;
  #isAlive = true;

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  kill(): void {
    this.#isAlive = false;
  }

  openAppend(path: string): Promise<AppendFile> {
    return this.#ifAlive(() => this.#disk.openAppend(path));
  }

  read(path: string): Promise<Uint8Array | undefined> {
    return this.#ifAlive(() => this.#disk.read(path));
  }

  replace(path: string, bytes: Uint8Array): Promise<void> {
    return this.#ifAlive(() => this.#disk.replace(path, bytes));
  }

  list(directory: string): Promise<string[]> {
    return this.#ifAlive(() => this.#disk.list(directory));
  }

  remove(path: string): Promise<void> {
    return this.#ifAlive(() => this.#disk.remove(path));
  }

  #ifAlive<T>(act: () => Promise<T>): Promise<T> {
    return this.#isAlive ? act() : Promise.reject(new SimulatedDiskError("ECRASHED"));
  }
}
