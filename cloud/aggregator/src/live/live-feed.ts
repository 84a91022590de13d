import type { ServerResponse } from "node:http";
import type { Clock, Timer } from "@gridpact/host";

/** Viewers at once; each holds a socket and a copy of the newest document. */
export const LIVE_VIEWERS_MAX = 64;

/** Unsent bytes of a viewer that does not read; beyond it documents are left out for it, as only the newest matters. */
const UNSENT_BYTES_MAX = 1024 * 1024;

/** Proxies cut connections that are silent for a minute; a comment line keeps them open. */
const KEEP_ALIVE_MS = 20_000;

/**
 * Sends the newest document to every viewer as server-sent events, at most once in `periodMs` and only when it changed.
 * The clock is that of the wall, not of the market: it paces people's screens.
 */
export class LiveFeed {
  readonly #options: { clock: Clock; periodMs: number; render: () => string };
  readonly #viewers = new Set<ServerResponse>();
  #timer: Timer | undefined;
  #sent = "";
  #lastWriteUnixMs = 0;

  constructor(options: { clock: Clock; periodMs: number; render: () => string }) {
    this.#options = options;
  }

  viewerCount(): number {
    return this.#viewers.size;
  }

  /** Takes over a response; false when there are as many viewers as there may be, and nothing was written. */
  add(response: ServerResponse): boolean {
    if (this.#viewers.size >= LIVE_VIEWERS_MAX) return false;
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    this.#viewers.add(response);
    response.on("close", () => this.#viewers.delete(response));
    const document = this.#options.render();
    response.write(frame(document));
    if (this.#viewers.size === 1) this.#sent = document;
    this.#lastWriteUnixMs = this.#options.clock.nowUnixMs();
    this.#schedule();
    return true;
  }

  /** Ends all connections. */
  close(): void {
    this.#timer?.cancel();
    for (const viewer of this.#viewers) viewer.end();
    this.#viewers.clear();
  }

  #schedule(): void {
    this.#timer?.cancel();
    this.#timer = this.#options.clock.after(this.#options.periodMs, () => {
      this.#push();
      if (this.#viewers.size > 0) this.#schedule();
    });
  }

  #push(): void {
    const document = this.#options.render();
    const nowUnixMs = this.#options.clock.nowUnixMs();
    const isChanged = document !== this.#sent;
    if (!isChanged && nowUnixMs - this.#lastWriteUnixMs < KEEP_ALIVE_MS) return;
    this.#sent = document;
    this.#lastWriteUnixMs = nowUnixMs;
    for (const viewer of this.#viewers) {
      if (viewer.writableLength <= UNSENT_BYTES_MAX) viewer.write(isChanged ? frame(document) : KEEP_ALIVE);
    }
  }
}

const KEEP_ALIVE = ": still here\n\n";

/** The document is one line of JSON, so it is one data field. [HTML s.9.2 Server-sent events] */
function frame(document: string): string {
  return `event: live\ndata: ${document}\n\n`;
}
