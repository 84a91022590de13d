import { EnvelopeBatch } from "@gridpact/native";
import type { EnvelopeSource } from "./envelope-source.ts";

/** Envelopes that share one sync, with who sent each. Used again and again, so that none of it is garbage. */
export class WaitingBatch {
  readonly envelopes = new EnvelopeBatch();
  readonly #sources: EnvelopeSource[] = [];

  count(): number {
    return this.envelopes.count();
  }

  /** Takes a copy of `[start, end)` of `bytes`. */
  add(source: EnvelopeSource, bytes: Buffer, start: number, end: number): void {
    this.envelopes.add(source.packedDeviceId, bytes, start, end);
    this.#sources.push(source);
  }

  /** Gives each envelope its verdict, then tells each source, once or more, that this was all. */
  settle(verdicts: Uint8Array): void {
    const sources = this.#sources;
    for (let index = 0; index < sources.length; index++) sources[index]?.onDurable(verdicts[index] ?? 0);
    for (let index = 0; index < sources.length; index++) sources[index]?.onGroupEnd();
    this.#clear();
  }

  fail(error: unknown): void {
    for (const source of this.#sources) source.onFailed(error);
    this.#clear();
  }

  #clear(): void {
    this.envelopes.clear();
    this.#sources.length = 0;
  }
}
