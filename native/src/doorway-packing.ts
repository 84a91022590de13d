/**
 * What crosses to the doorway and back: `kind u8, id u32, length u32, body`, one after another, little-endian.
 * `doorway/src/packing.rs` is the other side.
 */

/** Bytes before a body. */
const HEADER_BYTES = 9;

/** Room for what is written in one turn of the event loop; it grows for longer ones. */
const COMMAND_BYTES_INITIAL = 16 * 1024;

/** Room beyond this is given back once it is empty. */
const COMMAND_BYTES_KEPT = 1024 * 1024;

const COMMAND = { WRITE: 1, PAUSE: 2, RESUME: 3, CLOSE: 4, SWEEP: 5 } as const;
const EVENT = { OPENED: 1, DATA: 2, CLOGGED: 3, DRAINED: 4, CLOSED: 5, REFUSED: 6, STOPPED: 7 } as const;

/** How a connection ended: by the device or the network, or because the device did not read what was written to it. */
export type DoorwayEnding = "peer" | "unread";
const ENDINGS: readonly DoorwayEnding[] = ["peer", "unread"];

/** Told what happens in a doorway, in order. An id is a small number that is used again after its `close`. */
export type DoorwayEvents = {
  /** A connection has come through its handshake with this certificate (DER); it is paused. */
  onOpened: (id: number, certificateDer: Uint8Array) => void;
  /** Bytes are valid during the call only. */
  onData: (id: number, bytes: Buffer) => void;
  /** What was written to the connection waits, as the device does not read. */
  onClogged: (id: number) => void;
  /** It waits no more. */
  onDrained: (id: number) => void;
  /** The connection is over; its id stays taken until `close`. */
  onClosed: (id: number, ending: DoorwayEnding) => void;
  /** So many were turned away before they were open. */
  onRefused: (count: number) => void;
};

/** Tells of the packed events in `[0, end)`; whether the last one of all was among them. */
export function readEvents(packed: Buffer, end: number, told: DoorwayEvents): boolean {
  let isStopped = false;
  for (let at = 0; at < end; ) {
    const start = at + HEADER_BYTES;
    const id = packed.readUInt32LE(at + 1);
    const next = start + packed.readUInt32LE(at + 5);
    if (packed[at] === EVENT.STOPPED) isStopped = true;
    else readEvent(packed[at] as number, id, packed.subarray(start, next), told);
    at = next;
  }
  return isStopped;
}

function readEvent(kind: number, id: number, body: Buffer, told: DoorwayEvents): void {
  switch (kind) {
    case EVENT.DATA:
      told.onData(id, body);
      return;
    case EVENT.OPENED:
      told.onOpened(id, Uint8Array.from(body));
      return;
    case EVENT.CLOGGED:
      told.onClogged(id);
      return;
    case EVENT.DRAINED:
      told.onDrained(id);
      return;
    case EVENT.CLOSED:
      told.onClosed(id, ENDINGS[body[0] as number] as DoorwayEnding);
      return;
    case EVENT.REFUSED:
      told.onRefused(id);
  }
}

/** Collects commands until they are handed over together. */
export class CommandBatch {
  #bytes = Buffer.allocUnsafe(COMMAND_BYTES_INITIAL);
  #size = 0;

  isEmpty(): boolean {
    return this.#size === 0;
  }

  write(id: number, bytes: Uint8Array): void {
    const start = this.#begin(COMMAND.WRITE, id, bytes.length);
    this.#bytes.set(bytes, start);
  }

  pause(id: number): void {
    this.#begin(COMMAND.PAUSE, id, 0);
  }

  resume(id: number): void {
    this.#begin(COMMAND.RESUME, id, 0);
  }

  close(id: number): void {
    this.#begin(COMMAND.CLOSE, id, 0);
  }

  sweep(nowUnixMs: number): void {
    const start = this.#begin(COMMAND.SWEEP, 0, 8);
    this.#bytes.writeBigUInt64LE(BigInt(Math.trunc(nowUnixMs)), start);
  }

  /** All of them; valid until the next one is added. */
  take(): Uint8Array {
    const packed = this.#bytes.subarray(0, this.#size);
    this.#size = 0;
    if (this.#bytes.length > COMMAND_BYTES_KEPT) this.#bytes = Buffer.allocUnsafe(COMMAND_BYTES_INITIAL);
    return packed;
  }

  /** Writes a header and makes room for the body; where it begins. */
  #begin(kind: number, id: number, bodyBytes: number): number {
    const at = this.#size;
    const start = at + HEADER_BYTES;
    this.#size = start + bodyBytes;
    if (this.#size > this.#bytes.length) this.#grow();
    this.#bytes[at] = kind;
    this.#bytes.writeUInt32LE(id, at + 1);
    this.#bytes.writeUInt32LE(bodyBytes, at + 5);
    return start;
  }

  #grow(): void {
    const grown = Buffer.allocUnsafe(2 * this.#size);
    this.#bytes.copy(grown);
    this.#bytes = grown;
  }
}
