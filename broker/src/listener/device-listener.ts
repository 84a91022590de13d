import type { X509Certificate } from "node:crypto";

/** Where devices' connections come from: TCP and TLS 1.3, with a certificate of the one authority demanded. */
export interface DeviceListener {
  port(): number;
  counts(): ListenerCounts;
  /** Turns away who has run out of time; to be called about once a second. */
  sweep(): void;
  /** Takes nobody in any more, and resolves when the port is free. Open connections are the caller's to close. */
  close(): Promise<void>;
}

export type ListenerOptions = {
  host: string;
  /** 0 for any free port. */
  port: number;
  /** PEM: the server's key and certificate, and the authority that issues device certificates. */
  keyPem: string;
  certificatePem: string;
  caPem: string;
  /** TCP connections at a time; beyond it new ones are dropped by the kernel. */
  connectionsMax: number;
};

/** All three are called on the event loop, one at a time; none may throw. */
export type ListenerModules = {
  nowUnixMs: () => number;
  /** A device has come through its handshake with this certificate, which was verified. */
  onConnection: (connection: DeviceConnection, certificate: X509Certificate) => void;
  /** Somebody was turned away before that. */
  onRefused: () => void;
};

/** Connections that are not open yet, and bytes on their way. */
export type ListenerCounts = {
  /** Handshakes under way. */
  handshakes: number;
  /** Connections that have sent a whole ClientHello and wait for their turn. */
  waiting: number;
  /** Connections that have not. */
  silent: number;
  /** Connections from where the last one came to nothing, which are not read yet. */
  held: number;
  /** Bytes that were read and not taken up yet; at the bound nothing more is read. */
  waitingBytes: number;
};

/** One device's connection behind TLS; paused until somebody resumes it. */
export interface DeviceConnection {
  /** Says who is told; to be called once, before anything else. */
  attach(receiver: ConnectionReceiver): void;
  /** `onTaken` is called when the device reads on, so that its backpressure can become the writer's. */
  write(bytes: Uint8Array, onTaken?: () => void): void;
  /** Whether what was written waits, as the device does not read. */
  isClogged(): boolean;
  /** Reads no more; what was read already still comes. */
  pause(): void;
  resume(): void;
  /** Ends the connection. What was written before leaves as far as the device takes it. */
  close(): void;
}

/** Who is told what happens on a connection. None of them may throw; nothing is told after `onClosed`. */
export type ConnectionReceiver = {
  /** Bytes are valid during the call only. */
  onBytes: (bytes: Buffer) => void;
  /** The connection is clogged no more. */
  onDrained: () => void;
  /** The connection is over; `unread` when the device left too much of what was written to it. */
  onClosed: (ending: "peer" | "unread") => void;
};
