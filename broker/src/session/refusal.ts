/**
 * Why the session guard turned something away: metric label and log field. Each is counted where it is noticed.
 * - before MQTT: `tls_handshake`, `no_identity`, `too_many_sockets`
 * - framing: `connect_missing`, `connect_too_large`, `packet_too_large`, `length_malformed`, `packet_unexpected`,
 *   `connect_timeout`, `packet_timeout`, `idle_timeout`, `keepalive_timeout`, `acknowledgements_unread`,
 *   `protocol_error`
 * - identity: `client_id_empty`, `client_id_mismatch`, `not_enrolled`, `will`
 * - what a device may do: the rest
 */
export type RefusalReason =
  | "tls_handshake"
  | "no_identity"
  | "too_many_sockets"
  | "connect_missing"
  | "connect_too_large"
  | "packet_too_large"
  | "length_malformed"
  | "packet_unexpected"
  | "connect_timeout"
  | "packet_timeout"
  | "idle_timeout"
  | "keepalive_timeout"
  | "acknowledgements_unread"
  | "protocol_error"
  | "client_id_empty"
  | "client_id_mismatch"
  | "not_enrolled"
  | "will"
  | "no_client"
  | "retain"
  | "qos_0"
  | "qos_2"
  | "reserved_topic"
  | "wildcard_topic"
  | "foreign_topic"
  | "not_durable"
  | "broker_error";

/** The session was refused; carries what MQTT 3.1.1 can say about it in CONNACK. */
export class SessionRefusal extends Error {
  readonly code = "SESSION_REFUSED";
  readonly reason: RefusalReason;
  /** CONNACK return code; only looked at while a connection is set up. [MQTT-3.2.2-5] */
  readonly returnCode: number;

  constructor(reason: RefusalReason, cause?: unknown) {
    super(`session refused: ${reason}`, { cause });
    this.name = "SessionRefusal";
    this.reason = reason;
    this.returnCode = IDENTIFIER_REASONS.has(reason) ? IDENTIFIER_REJECTED : NOT_AUTHORIZED;
  }
}

const IDENTIFIER_REJECTED = 2;
const NOT_AUTHORIZED = 5;
const IDENTIFIER_REASONS: ReadonlySet<RefusalReason> = new Set(["client_id_empty", "client_id_mismatch"]);
