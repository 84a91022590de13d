import { strict as assert } from "node:assert";
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from "node:net";
import { createServer, type Server } from "node:tls";
import type { DeviceListener, ListenerCounts, ListenerModules, ListenerOptions } from "./device-listener.ts";
import { Doorway } from "./doorway.ts";
import { StreamConnection } from "./stream-connection.ts";

/** TLS handshakes that take longer are given up; the default of Node is two minutes. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** Node's TLS, for hosts without the native library: same promises, several times the CPU for a single message. */
export class NodeTlsListener implements DeviceListener {
  /** Listens; what comes through the doorway goes on to `tls`, which has no port of its own. */
  readonly #server: TcpServer;
  readonly #tls: Server;
  readonly #doorway: Doorway;

  private constructor(options: ListenerOptions, { nowUnixMs, onConnection, onRefused }: ListenerModules) {
    this.#tls = createServer(
      {
        key: options.keyPem,
        cert: options.certificatePem,
        ca: options.caPem,
        requestCert: true,
        rejectUnauthorized: true,
        minVersion: "TLSv1.3",
        handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      },
      (socket) => {
        this.#doorway.succeeded(socket);
        const certificate = socket.getPeerX509Certificate();
        assert(certificate !== undefined, "nobody comes through TLS without a certificate");
        onConnection(new StreamConnection(socket), certificate);
      },
    );
    this.#tls.on("tlsClientError", (_error, socket) => {
      // Node tells of a handshake that took too long, and keeps its socket.
      socket.destroy();
      onRefused();
    });
    this.#doorway = new Doorway({
      nowUnixMs,
      begin: (socket) => this.#tls.emit("connection", socket),
      onRefused,
    });
    this.#server = createTcpServer({ pauseOnConnect: true }, (socket) => this.#doorway.enter(socket));
    this.#server.maxConnections = options.connectionsMax;
  }

  /** Rejects when the address cannot be had. */
  static async listen(options: ListenerOptions, modules: ListenerModules): Promise<NodeTlsListener> {
    const listener = new NodeTlsListener(options, modules);
    const server = listener.#server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(options.port, options.host, () => {
        server.off("error", reject);
        resolve();
      });
    });
    return listener;
  }

  port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  counts(): ListenerCounts {
    return { ...this.#doorway.counts(), waitingBytes: 0 };
  }

  sweep(): void {
    this.#doorway.sweep();
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    this.#doorway.close();
    await closed;
  }
}
