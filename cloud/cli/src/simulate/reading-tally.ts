import { createHash } from "node:crypto";
import { type Channel, decode } from "@gridpact/proto";

/** Counts each reading once, however often its envelope was sent or acknowledged. */
export class ReadingTally {
  readonly #sent = new Map<string, number>();
  readonly #acked = new Set<string>();

  noteSent(channel: Channel, bytes: Uint8Array): void {
    if (channel !== "reading") return;
    const id = idOf(bytes);
    if (!this.#sent.has(id)) this.#sent.set(id, readingCountOf(bytes));
  }

  noteAcked(channel: Channel, bytes: Uint8Array): void {
    if (channel === "reading") this.#acked.add(idOf(bytes));
  }

  sent(): number {
    return [...this.#sent.values()].reduce((sum, count) => sum + count, 0);
  }

  acked(): number {
    return [...this.#acked].reduce((sum, id) => sum + (this.#sent.get(id) ?? 0), 0);
  }
}

/** Readings in an envelope of ours; a FEID of the simulation sends no others. */
export function readingCountOf(bytes: Uint8Array): number {
  return decode("EnvelopePayload", decode("SignedEnvelope", bytes).payload).readings.length;
}

function idOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("base64");
}
