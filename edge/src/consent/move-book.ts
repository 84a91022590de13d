import type { Disk } from "@gridpact/host";

const PATH = "move.json";

/** A move that the device has agreed to, with all that it needs to carry it out alone. */
export type AgreedMove = {
  fromVnId: string;
  toVnId: string;
  revision: number;
  /** Until then it sends nothing, lest the node that lets it go has to refuse it; after it, whoever takes it has it. */
  deadlineUnixMs: number;
  token: string;
  enrolmentUrl: string;
  mqttHost: string;
};

type Kept = { agreed: AgreedMove | null; movedAtUnixMs: number | null };

/** The one move that a device may be in, durably before its signature leaves it, and when it moved last. */
export class MoveBook {
  readonly #disk: Disk;
  #kept: Kept;

  private constructor(disk: Disk, kept: Kept) {
    this.#disk = disk;
    this.#kept = kept;
  }

  static async open(disk: Disk): Promise<MoveBook> {
    const stored = await disk.read(PATH);
    const nothing: Kept = { agreed: null, movedAtUnixMs: null };
    return new MoveBook(disk, stored === undefined ? nothing : (JSON.parse(Buffer.from(stored).toString()) as Kept));
  }

  agreed(): AgreedMove | undefined {
    return this.#kept.agreed ?? undefined;
  }

  /** When it came to the node where it is; undefined when it has always been there. */
  movedAtUnixMs(): number | undefined {
    return this.#kept.movedAtUnixMs ?? undefined;
  }

  agree(agreed: AgreedMove): Promise<void> {
    return this.#keep({ ...this.#kept, agreed });
  }

  /** It is a member of the other node now. */
  arrive(atUnixMs: number): Promise<void> {
    return this.#keep({ agreed: null, movedAtUnixMs: atUnixMs });
  }

  /** It stays where it is. */
  stay(): Promise<void> {
    return this.#keep({ ...this.#kept, agreed: null });
  }

  async #keep(kept: Kept): Promise<void> {
    await this.#disk.replace(PATH, Buffer.from(JSON.stringify(kept)));
    this.#kept = kept;
  }
}
