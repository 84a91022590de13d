/** Why an operator's request cannot be carried out. */
export type VtnRefusalCode =
  | "outbox-full"
  | "too-many-events"
  | "unknown-ven"
  | "unknown-event"
  | "unknown-report"
  | "event-over"
  | "invalid-event"
  | "invalid-fingerprint";

/** An operator's request that the VTN refuses; nothing of it was done. */
export class VtnRefusal extends Error {
  readonly code: VtnRefusalCode;

  constructor(code: VtnRefusalCode, message: string) {
    super(message);
    this.name = "VtnRefusal";
    this.code = code;
  }
}
