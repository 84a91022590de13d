import type { AppendFile, Disk } from "@gridpact/host";

/** `sync` resolves when the bytes are written and synced, or, as the planted fault, long before. */
export type SyncHonesty = "honest" | "ack-before-sync";

/**
 * How much later than it said the planted fault writes. A kernel takes up to 30 s; at a few thousand envelopes a second
 * this is enough for some hundred of them to be lost with every kill.
 */
const LATE_MS = 50;

/**
 * A disk whose unsynced bytes die with the process. To a real one SIGKILL does no harm: what was written is in the
 * kernel's page cache. Here the cache is in the process, so that a kill is to the files what a power cut is.
 */
export function volatileDisk(disk: Disk, honesty: SyncHonesty): Disk {
  const files = new Map<string, VolatileFile>();
  return {
    async openAppend(path) {
      const file = new VolatileFile(await disk.openAppend(path), honesty);
      files.set(path, file);
      return file;
    },
    async read(path) {
      // A reader sees what was appended, synced or not.
      await files.get(path)?.flush();
      return disk.read(path);
    },
    replace: (path, bytes) => disk.replace(path, bytes),
    list: (directory) => disk.list(directory),
    remove: (path) => disk.remove(path),
  };
}

class VolatileFile implements AppendFile {
  readonly #file: AppendFile;
  readonly #honesty: SyncHonesty;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  /** Bytes that left `#pending` and are on their way to the file. */
  #flushingBytes = 0;
  #flushing: Promise<void> = Promise.resolve();

  constructor(file: AppendFile, honesty: SyncHonesty) {
    this.#file = file;
    this.#honesty = honesty;
  }

  sizeBytes(): number {
    return this.#file.sizeBytes() + this.#flushingBytes + this.#pendingBytes;
  }

  async append(bytes: Uint8Array): Promise<void> {
    this.#pending.push(new Uint8Array(bytes));
    this.#pendingBytes += bytes.length;
  }

  async sync(): Promise<void> {
    if (this.#honesty === "honest") await this.flush();
    else setTimeout(() => void this.flush(), LATE_MS);
  }

  async truncate(sizeBytes: number): Promise<void> {
    await this.flush();
    await this.#file.truncate(sizeBytes);
  }

  async close(): Promise<void> {
    await this.flush();
    await this.#file.close();
  }

  /** Writes and syncs what was appended before the call; one flush after the other, so that the order is kept. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#write());
    return this.#flushing;
  }

  async #write(): Promise<void> {
    if (this.#pendingBytes === 0) return;
    const bytes = Buffer.concat(this.#pending.splice(0));
    this.#pendingBytes = 0;
    this.#flushingBytes = bytes.length;
    await this.#file.append(bytes);
    this.#flushingBytes = 0;
    await this.#file.sync();
  }
}
