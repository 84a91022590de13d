import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer, type Server, type TLSSocket } from "node:tls";
import type { TestCertificate } from "./certificates.ts";

/** A packet as it was received, without its fixed header. [MQTT-2.2] */
type Packet = { type: number; flags: number; body: Buffer };

const TYPE = { CONNECT: 1, PUBLISH: 3, PUBACK: 4, SUBSCRIBE: 8, PINGREQ: 12, DISCONNECT: 14 } as const;

export type Session = { clientId: string; isClean: boolean; commonName: string; topics: string[] };

/** Just enough of an MQTT 3.1.1 server over mutual TLS to see what a client does. One client at a time. */
export class FakeBroker {
  readonly sessions: Session[] = [];
  readonly published: { topic: string; payload: Buffer; flags: number }[] = [];
  /** Message ids that the client acknowledged. */
  readonly acked: number[] = [];
  /** Whether publishes are acknowledged. */
  isAcking = true;
  /** CONNACK return code. */
  returnCode = 0;
  /** What a subscription is granted. [MQTT-3.9.3] */
  grant = 1;
  readonly #server: Server;
  readonly #waiters: (() => void)[] = [];
  #socket: TLSSocket | undefined;

  constructor(certificate: TestCertificate, caPem: string) {
    this.#server = createServer(
      { cert: certificate.pem, key: certificate.keyPem, ca: caPem, requestCert: true, rejectUnauthorized: true },
      (socket) => this.#serve(socket),
    );
  }

  /** @returns the port */
  async listen(port = 0): Promise<number> {
    this.#server.listen(port, "127.0.0.1");
    await once(this.#server, "listening");
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }

  cut(): void {
    this.#socket?.destroy();
  }

  send(topic: string, payload: Uint8Array, messageId: number): void {
    const body = Buffer.concat([text(topic), word(messageId), payload]);
    this.#socket?.write(packet(0x32, body));
  }

  /** Waits until something has been received that makes the condition true. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  #serve(socket: TLSSocket): void {
    this.#socket = socket;
    let buffered = Buffer.alloc(0);
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      buffered = Buffer.concat([buffered, chunk]);
      for (let next = takePacket(buffered); next !== undefined; next = takePacket(buffered)) {
        buffered = next.rest;
        this.#answer(socket, next.packet);
        for (const wake of this.#waiters.splice(0)) wake();
      }
    });
  }

  #answer(socket: TLSSocket, { type, flags, body }: Packet): void {
    if (type === TYPE.CONNECT) this.#connect(socket, body);
    if (type === TYPE.SUBSCRIBE) this.#subscribe(socket, body);
    if (type === TYPE.PUBLISH) this.#takePublish(socket, { type, flags, body });
    if (type === TYPE.PUBACK) this.acked.push(body.readUInt16BE(0));
    if (type === TYPE.PINGREQ) socket.write(packet(0xd0, Buffer.alloc(0)));
    if (type === TYPE.DISCONNECT) socket.end();
  }

  #connect(socket: TLSSocket, body: Buffer): void {
    // Protocol name (6), level (1), flags (1), keep alive (2), client id. [MQTT-3.1]
    const commonName = `${socket.getPeerCertificate().subject.CN}`;
    this.sessions.push({ clientId: readText(body, 10), isClean: ((body[7] ?? 0) & 2) !== 0, commonName, topics: [] });
    socket.write(packet(0x20, Buffer.from([0, this.returnCode])));
  }

  #subscribe(socket: TLSSocket, body: Buffer): void {
    const topics: string[] = [];
    for (let offset = 2; offset < body.length; offset += 3 + body.readUInt16BE(offset))
      topics.push(readText(body, offset));
    this.sessions.at(-1)?.topics.push(...topics);
    socket.write(packet(0x90, Buffer.concat([body.subarray(0, 2), Buffer.alloc(topics.length, this.grant)])));
  }

  #takePublish(socket: TLSSocket, { flags, body }: Packet): void {
    const topic = readText(body, 0);
    const idAt = 2 + Buffer.byteLength(topic);
    this.published.push({ topic, payload: body.subarray(idAt + 2), flags });
    if (this.isAcking) socket.write(packet(0x40, body.subarray(idAt, idAt + 2)));
  }
}

function packet(header: number, body: Uint8Array): Buffer {
  const length: number[] = [];
  let rest = body.length;
  do {
    length.push(rest > 127 ? (rest & 127) | 128 : rest);
    rest >>= 7;
  } while (rest > 0);
  return Buffer.concat([Buffer.from([header, ...length]), body]);
}

function takePacket(bytes: Buffer): { packet: Packet; rest: Buffer<ArrayBuffer> } | undefined {
  let length = 0;
  for (let index = 1; index < Math.min(5, bytes.length); index++) {
    const byte = bytes[index] ?? 0;
    length += (byte & 127) << (7 * (index - 1));
    const end = index + 1 + length;
    if (byte >= 128 || end > bytes.length) continue;
    const first = bytes[0] ?? 0;
    const taken = { type: first >> 4, flags: first & 15, body: bytes.subarray(index + 1, end) };
    return { packet: taken, rest: Buffer.from(bytes.subarray(end)) };
  }
  return undefined;
}

function text(value: string): Buffer {
  return Buffer.concat([word(Buffer.byteLength(value)), Buffer.from(value)]);
}

function word(value: number): Buffer {
  return Buffer.from([value >> 8, value & 255]);
}

function readText(bytes: Buffer, offset: number): string {
  return bytes.subarray(offset + 2, offset + 2 + bytes.readUInt16BE(offset)).toString("utf8");
}
