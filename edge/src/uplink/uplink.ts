import type { Channel } from "@gridpact/proto";

/**
 * The way of a device to its virtual node, whatever carries it. Channels are those of topics.ts, for one device.
 * Nothing is buffered here: what must not get lost is on the sender's disk.
 */
export interface Uplink {
  /** Begins to connect and goes on connecting until closed; resolves at once, not when connected. */
  connect(): Promise<void>;
  /** A publish now would go out at once. */
  isConnected(): boolean;
  /** Calls back whenever a connection stands, subscriptions included. Set once, before connecting. */
  onConnected(handler: () => void): void;
  /**
   * Resolves when the virtual node has acknowledged (PUBACK): it is durable there, accepted or rejected.
   * Rejects when the connection went before that: then nobody knows, and the caller sends it again.
   */
  publish(channel: Channel, bytes: Uint8Array): Promise<void>;
  /**
   * Takes messages of a channel; the message is acknowledged when the handler's promise resolves, so what must survive
   * is durable by then. A handler MUST NOT wait for a publish of its own. Set before connecting.
   */
  onMessage(channel: Channel, handler: (bytes: Uint8Array) => Promise<void>): void;
  /** Ends for good. Publishes that wait are rejected. */
  close(): Promise<void>;
}

/** `UPLINK_NOT_CONNECTED`: nothing went out. `UPLINK_LOST`: it may have arrived. */
export type UplinkErrorCode = "UPLINK_NOT_CONNECTED" | "UPLINK_LOST";

/** A publish was not acknowledged; whether it arrived is unknown. */
export class UplinkError extends Error {
  readonly code: UplinkErrorCode;

  constructor(code: UplinkErrorCode, cause?: unknown) {
    super(MESSAGES[code], { cause });
    this.name = "UplinkError";
    this.code = code;
  }
}

const MESSAGES: Record<UplinkErrorCode, string> = {
  UPLINK_NOT_CONNECTED: "there is no connection to publish on",
  UPLINK_LOST: "the connection was lost before the acknowledgement",
};
