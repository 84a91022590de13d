import type { Event3, Oadr3Client } from "@gridpact/openadr";
import type { DrReport, DrRequest, DrResponse } from "@gridpact/proto";
import { LinkRefusal } from "./link-refusal.ts";
import { answerReport, deliveryReport31 } from "./reports31.ts";
import { readRequest31 } from "./request-event31.ts";
import type { RequestLink } from "./vn-link20b.ts";

/** The part of a 3.1 client that a VEN of ours needs. */
export type Client31 = Pick<Oadr3Client, "all" | "create">;

/** `pollMs` is of the market's time: a VTN is asked at most so often, however often the agent asks. */
export type VnLink31Options = { vnId: string; pollMs: number };

type Asked = { event: Event3; request: DrRequest };

/** A virtual node as 3.1 VEN of its aggregator. Which requests are answered the agent itself remembers. */
export class VnLink31 implements RequestLink {
  readonly #options: VnLink31Options;
  readonly #modules: { client: Client31; clock: { nowUnixMs(): number } };
  #asked: readonly Asked[] = [];
  #pollAtUnixMs = Number.NEGATIVE_INFINITY;

  constructor(options: VnLink31Options, modules: { client: Client31; clock: { nowUnixMs(): number } }) {
    this.#options = options;
    this.#modules = modules;
  }

  /** Every request that is not called off, answered or not. */
  async pollRequests(): Promise<DrRequest[]> {
    const { client, clock } = this.#modules;
    if (clock.nowUnixMs() >= this.#pollAtUnixMs) {
      const events = await client.all("events");
      this.#asked = events.flatMap((event) => {
        const read = readRequest31(event, this.#options.vnId);
        return read.ok ? [{ event, request: read.request }] : [];
      });
      this.#pollAtUnixMs = clock.nowUnixMs() + this.#options.pollMs;
    }
    return this.#asked.map(({ request }) => request);
  }

  /** @throws LinkRefusal when the request is called off; Oadr3Error */
  async respond(requestId: string, response: DrResponse): Promise<void> {
    const { event } = this.#demand(requestId);
    await this.#modules.client.create("reports", answerReport(event.id, this.#options.vnId, response));
  }

  /** @throws LinkRefusal for a request or an interval that is none; Oadr3Error */
  async report(requestId: string, { intervalIndex, ...energy }: DrReport): Promise<void> {
    const { event, request } = this.#demand(requestId);
    const interval = request.intervals[intervalIndex];
    if (interval === undefined) throw new LinkRefusal("REPORT_INVALID", `no interval ${intervalIndex}`);
    const report = deliveryReport31(event.id, this.#options.vnId, { ...interval, ...energy });
    await this.#modules.client.create("reports", report);
  }

  #demand(requestId: string): Asked {
    const asked = this.#asked.find(({ request }) => request.requestId === requestId);
    if (asked === undefined) throw new LinkRefusal("UNKNOWN_REQUEST", `${requestId} is unknown or called off`);
    return asked;
  }
}
