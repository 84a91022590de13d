import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { type Clock, sleep } from "@gridpact/host";

/**
 * What a database does to those who write to it:
 * - `away`: the connection breaks off, as when the process is gone
 * - `slow`: all is taken, five seconds later
 * - `busy`: 429 with a wait [RFC6585 s.4]
 * - `failing`: 503
 * - `half`: takes the first half of the lines, then answers 500, so nobody knows what is there
 */
export const STORE_FAULTS = ["away", "slow", "busy", "failing", "half"] as const;

export type StoreFault = (typeof STORE_FAULTS)[number];

const SLOW_MS = 5_000;

const BUSY_RETRY_AFTER_SECONDS = "1";

const WRITE_PATH = "/api/v2/write";

const NEWLINE = 0x0a;

/** Stands between a virtual node and its InfluxDB, and can break every write on the way. */
export class FaultyStore {
  readonly url: string;
  readonly #server: Server;
  readonly #behind: string;
  readonly #clock: Clock;
  #fault: StoreFault | undefined;
  #writes = 0;

  private constructor(server: Server, { behind, clock }: { behind: string; clock: Clock }) {
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.#server = server;
    this.#behind = behind;
    this.#clock = clock;
    server.on("request", (incoming, outgoing) => void this.#answer(incoming, outgoing));
  }

  /** In front of the InfluxDB at the address `behind`; resolves when it listens, on loopback. */
  static async start(options: { behind: string; clock: Clock }): Promise<FaultyStore> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return new FaultyStore(server, options);
  }

  /** From the next write on; undefined for none. */
  break(fault: StoreFault | undefined): void {
    this.#fault = fault;
  }

  /** Writes that the store behind has taken and that were answered so. */
  writes(): number {
    return this.#writes;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    const isWrite = incoming.url?.startsWith(WRITE_PATH) ?? false;
    switch (isWrite ? this.#fault : undefined) {
      case "away":
        incoming.socket.destroy();
        return;
      case "busy":
        outgoing.writeHead(429, { "retry-after": BUSY_RETRY_AFTER_SECONDS }).end();
        return;
      case "failing":
        outgoing.writeHead(503).end();
        return;
      case "half":
        await this.#forward(incoming, firstHalf(body));
        outgoing.writeHead(500).end();
        return;
      case "slow":
        await sleep(this.#clock, SLOW_MS);
        break;
      case undefined:
        break;
    }
    const { status, bytes } = await this.#forward(incoming, body);
    if (isWrite && status < 300) this.#writes += 1;
    outgoing.writeHead(status).end(bytes);
  }

  /** Over connections that stay open, as between a virtual node and its store. */
  async #forward({ method, url, headers }: IncomingMessage, body: Buffer): Promise<{ status: number; bytes: Buffer }> {
    const { "transfer-encoding": _chunked, ...kept } = headers;
    const forwarded = request(`${this.#behind}${url}`, {
      method,
      headers: { ...kept, "content-length": body.length },
    });
    forwarded.end(body);
    const [response] = (await once(forwarded, "response")) as [IncomingMessage];
    return { status: response.statusCode ?? 0, bytes: await buffer(response) };
  }
}

/** Whole lines of line protocol only. */
function firstHalf(lines: Buffer): Buffer {
  return lines.subarray(0, lines.indexOf(NEWLINE, lines.length / 2) + 1);
}
