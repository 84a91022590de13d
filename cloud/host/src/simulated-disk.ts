import type { AppendFile, Disk } from "./disk.ts";
import type { SeededRandom } from "./random.ts";

type SimulatedFile = { chunks: Uint8Array[]; sizeBytes: number; syncedBytes: number };

/** What the simulated disk does wrong when told to. */
export type DiskFault = "ENOSPC" | "EIO";

/** The simulated disk refused an operation, as a real one would. */
export class SimulatedDiskError extends Error {
  readonly code: DiskFault | "ECRASHED";

  constructor(code: DiskFault | "ECRASHED") {
    super(`simulated disk: ${code}`);
    this.name = "SimulatedDiskError";
    this.code = code;
  }
}

/**
 * A disk in memory that keeps, over a crash, just what was synced, and of the rest a random prefix (torn write).
 * Handles opened before a crash fail afterwards, as the process that held them is gone.
 */
export class SimulatedDisk implements Disk {
  readonly #files = new Map<string, SimulatedFile>();
  readonly #random: SeededRandom;
  #generation = 0;
  #fault: DiskFault | undefined;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  /** Loses what a power cut would lose. */
  crash(): void {
    this.#generation += 1;
    for (const file of this.#files.values()) {
      const kept = file.syncedBytes + this.#random.below(file.sizeBytes - file.syncedBytes + 1);
      cut(file, kept);
      file.syncedBytes = kept;
    }
  }

  /** Makes every write (ENOSPC) or sync (EIO) fail until called again with undefined. */
  setFault(fault: DiskFault | undefined): void {
    this.#fault = fault;
  }

  /** Flips one bit of a stored file. */
  flipBit(path: string, bitIndex: number): void {
    const content = contentOf(this.#files.get(path) ?? emptyFile());
    const at = bitIndex >> 3;
    content[at] = (content[at] ?? 0) ^ (1 << (bitIndex & 7));
    this.#files.set(path, { chunks: [content], sizeBytes: content.length, syncedBytes: content.length });
  }

  async openAppend(path: string): Promise<AppendFile> {
    const generation = this.#generation;
    const file = this.#files.get(path) ?? emptyFile();
    this.#files.set(path, file);
    const check = (fault?: DiskFault) => this.#check(generation, fault);
    return {
      sizeBytes: () => file.sizeBytes,
      async append(bytes) {
        check("ENOSPC");
        file.chunks.push(new Uint8Array(bytes));
        file.sizeBytes += bytes.length;
      },
      async sync() {
        check("EIO");
        file.syncedBytes = file.sizeBytes;
      },
      async truncate(sizeBytes) {
        check();
        cut(file, sizeBytes);
        file.syncedBytes = sizeBytes;
      },
      async close() {},
    };
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    const file = this.#files.get(path);
    return file === undefined ? undefined : contentOf(file);
  }

  async replace(path: string, bytes: Uint8Array): Promise<void> {
    this.#check(this.#generation, "ENOSPC");
    this.#check(this.#generation, "EIO");
    this.#files.set(path, { chunks: [new Uint8Array(bytes)], sizeBytes: bytes.length, syncedBytes: bytes.length });
  }

  async list(directory: string): Promise<string[]> {
    const prefix = directory === "" || directory === "." ? "" : `${directory}/`;
    return [...this.#files.keys()]
      .filter((path) => path.startsWith(prefix) && !path.slice(prefix.length).includes("/"))
      .map((path) => path.slice(prefix.length))
      .sort();
  }

  async remove(path: string): Promise<void> {
    this.#files.delete(path);
  }

  #check(generation: number, fault?: DiskFault): void {
    if (generation !== this.#generation) throw new SimulatedDiskError("ECRASHED");
    if (fault !== undefined && this.#fault === fault) throw new SimulatedDiskError(fault);
  }
}

function emptyFile(): SimulatedFile {
  return { chunks: [], sizeBytes: 0, syncedBytes: 0 };
}

function contentOf(file: SimulatedFile): Uint8Array {
  return new Uint8Array(Buffer.concat(file.chunks));
}

function cut(file: SimulatedFile, sizeBytes: number): void {
  if (sizeBytes === file.sizeBytes) return;
  file.chunks = [contentOf(file).slice(0, sizeBytes)];
  file.sizeBytes = sizeBytes;
}
