import type { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, connect as connectTcp, createServer, type Socket } from "node:net";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";
import { SeededRandom, type SigningKey, signingKeyFromSeed, silentLog, VirtualClock, wallClock } from "@gridpact/host";
import { type Authority, issueAuthority, issueCertificate, type Validity } from "@gridpact/ledger";
import {
  type DeviceConnection,
  type DeviceListener,
  type ListenerKind,
  type ListenerOptions,
  openListener,
} from "../src/listener/index.ts";

const modules = { random: new SeededRandom("listener"), clock: wallClock() };

export const keyOf = (number: number): SigningKey => signingKeyFromSeed(new Uint8Array(32).fill(number));
export const pemOf = ({ privateKey }: SigningKey) => privateKey.export({ format: "pem", type: "pkcs8" }).toString();
export const authorityOf = (number: number) => issueAuthority({ mspId: "VnMSP", key: keyOf(number) }, modules);

const AUTHORITY = authorityOf(1);
const SERVER_KEY = keyOf(2);
export const DEVICE_KEY = keyOf(3);

export type CertificateWish = { authority?: Authority; serverNames?: string[]; validity?: Validity };

/** A certificate of this listener's authority, unless another is wished for. */
export function certificateOf(commonName: string, { publicKey }: SigningKey, wish: CertificateWish = {}): string {
  return issueCertificate({ authority: AUTHORITY, commonName, publicKey, kind: "client", ...wish }, modules);
}

export const DEVICE = { cert: certificateOf("meter-1", DEVICE_KEY), key: pemOf(DEVICE_KEY) };

const OPTIONS: ListenerOptions = {
  host: "127.0.0.1",
  port: 0,
  keyPem: pemOf(SERVER_KEY),
  certificatePem: certificateOf("server.district", SERVER_KEY, { serverNames: ["localhost"] }),
  caPem: AUTHORITY.certificatePem,
  connectionsMax: 1_000,
};

/** One connection as the listener's caller sees it. */
export class SeenConnection {
  readonly connection: DeviceConnection;
  readonly certificate: X509Certificate;
  readonly #received: Buffer[] = [];
  drains = 0;
  ending: string | undefined;

  constructor(connection: DeviceConnection, certificate: X509Certificate) {
    this.connection = connection;
    this.certificate = certificate;
    connection.attach({
      onBytes: (bytes) => this.#received.push(Buffer.from(bytes)),
      onDrained: () => {
        this.drains += 1;
      },
      onClosed: (ending) => {
        this.ending = ending;
      },
    });
  }

  received(): Buffer {
    return Buffer.concat(this.#received);
  }
}

/** A listener, whoever it has let in, and the ways to knock. */
export class TestListener {
  readonly clock = new VirtualClock(0);
  readonly seen: SeenConnection[] = [];
  refused = 0;
  readonly #sockets: Socket[] = [];
  #listener: DeviceListener | undefined;

  static async open(kind: ListenerKind, options: Partial<ListenerOptions> = {}): Promise<TestListener> {
    const opened = new TestListener();
    opened.#listener = await openListener(
      { ...OPTIONS, ...options, kind },
      {
        log: silentLog,
        nowUnixMs: () => opened.clock.nowUnixMs(),
        onConnection: (connection, certificate) => opened.seen.push(new SeenConnection(connection, certificate)),
        onRefused: () => {
          opened.refused += 1;
        },
      },
    );
    return opened;
  }

  get listener(): DeviceListener {
    return this.#listener as DeviceListener;
  }

  /** A TLS client: the device, unless other credentials are given. */
  dial(options: ConnectionOptions = DEVICE): TLSSocket {
    const reached = { host: "localhost", port: this.listener.port(), ca: AUTHORITY.certificatePem };
    return this.#kept(connect({ ...reached, ...options }));
  }

  /** A device that is through its handshake on both sides. */
  async device(): Promise<{ client: TLSSocket; seen: SeenConnection }> {
    const before = this.seen.length;
    const client = this.dial();
    await once(client, "secureConnect");
    while (this.seen.length === before) await new Promise(setImmediate);
    return { client, seen: this.seen[before] as SeenConnection };
  }

  /** TCP alone, over which these bytes go. */
  async knock(...pieces: Uint8Array[]): Promise<Socket> {
    const socket = this.#kept(connectTcp(this.listener.port(), "127.0.0.1"));
    await once(socket, "connect");
    for (const piece of pieces) socket.write(piece);
    return socket;
  }

  /** Lets time pass, as the session server does. */
  async pass(ms: number): Promise<void> {
    await this.clock.advanceTo(this.clock.nowUnixMs() + ms);
    this.listener.sweep();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    for (const { connection } of this.seen) connection.close();
    await this.listener.close();
  }

  #kept<S extends Socket>(socket: S): S {
    socket.on("error", () => undefined);
    this.#sockets.push(socket);
    return socket;
  }
}

/** What a device's TLS says first. */
export async function recordedHello(): Promise<Buffer> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = connect({ port: (server.address() as AddressInfo).port, host: "127.0.0.1", servername: "localhost" });
  client.on("error", () => undefined);
  const [socket] = (await once(server, "connection")) as [Socket];
  const [hello] = (await once(socket, "data")) as [Buffer];
  client.destroy();
  socket.destroy();
  server.close();
  return hello;
}
