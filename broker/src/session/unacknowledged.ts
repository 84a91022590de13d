/** Room at first; nearly all devices have one message under way at a time. */
const INITIAL_ROOM = 8;

/** Packet ids of PUBLISHes that were taken and not acknowledged, in the order of arrival. A ring that grows. */
export class Unacknowledged {
  #packetIds = new Uint16Array(INITIAL_ROOM);
  #receivedAtUnixMs = new Float64Array(INITIAL_ROOM);
  #oldest = 0;
  #count = 0;

  count(): number {
    return this.#count;
  }

  push(packetId: number, receivedAtUnixMs: number): void {
    if (this.#count === this.#packetIds.length) this.#grow();
    const place = (this.#oldest + this.#count) % this.#packetIds.length;
    this.#packetIds[place] = packetId;
    this.#receivedAtUnixMs[place] = receivedAtUnixMs;
    this.#count += 1;
  }

  /** Packet id of the oldest; there MUST be one. */
  packetId(): number {
    return this.#packetIds[this.#oldest] as number;
  }

  /** When the oldest arrived. */
  receivedAtUnixMs(): number {
    return this.#receivedAtUnixMs[this.#oldest] as number;
  }

  dropOldest(): void {
    this.#oldest = (this.#oldest + 1) % this.#packetIds.length;
    this.#count -= 1;
  }

  #grow(): void {
    const room = this.#packetIds.length;
    const packetIds = new Uint16Array(2 * room);
    const receivedAtUnixMs = new Float64Array(2 * room);
    for (let index = 0; index < room; index++) {
      const place = (this.#oldest + index) % room;
      packetIds[index] = this.#packetIds[place] as number;
      receivedAtUnixMs[index] = this.#receivedAtUnixMs[place] as number;
    }
    this.#packetIds = packetIds;
    this.#receivedAtUnixMs = receivedAtUnixMs;
    this.#oldest = 0;
  }
}
