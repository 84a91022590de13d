/** Thrown by the codecs only; `parsePayload` turns it into a value with the same path. */
export class WireFault extends Error {
  /** Names from the message element down to the faulty one, such as `oadrPoll/venID`. */
  readonly path: string;
  readonly detail: string;

  constructor(path: string, detail: string) {
    super(`${path}: ${detail}`);
    this.name = "WireFault";
    this.path = path;
    this.detail = detail;
  }
}
