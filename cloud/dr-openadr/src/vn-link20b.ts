import type { DrReport, DrRequest, DrResponse } from "@gridpact/proto";
import { deliveryChange } from "./delivery-report.ts";
import { LinkRefusal } from "./link-refusal.ts";
import { readRequest } from "./request-event.ts";
import { writeAnswer } from "./terms-text.ts";
import { type Ven20bModules, Ven20bSession } from "./ven20b-session.ts";

/** A virtual node's way to its aggregator, as far as requests go. */
export interface RequestLink {
  pollRequests(vnId: string): Promise<DrRequest[]>;
  respond(requestId: string, response: DrResponse): Promise<void>;
  report(requestId: string, report: DrReport): Promise<void>;
}

/** A virtual node as 2.0b VEN of its aggregator. */
export class VnLink20b implements RequestLink {
  readonly #vnId: string;
  readonly #session: Ven20bSession;

  constructor({ vnId, isSigning }: { vnId: string; isSigning: boolean }, modules: Ven20bModules) {
    this.#vnId = vnId;
    const isReadable = (event: Parameters<typeof readRequest>[0]) => readRequest(event, vnId).ok;
    this.#session = new Ven20bSession({ venId: vnId, isSigning, isReadable }, modules);
  }

  async pollRequests(): Promise<DrRequest[]> {
    await this.#session.poll();
    return this.#session.undecided().flatMap((event) => {
      const read = readRequest(event, this.#vnId);
      return read.ok ? [read.request] : [];
    });
  }

  /** @throws LinkRefusal when the request is called off; what the transport throws */
  respond(requestId: string, response: DrResponse): Promise<void> {
    return this.#session.decide(requestId, response.isAccepted ? "optIn" : "optOut", writeAnswer(response));
  }

  /** @throws LinkRefusal for a request that is unknown or called off, or when it is unwanted; transport's errors */
  async report(requestId: string, report: DrReport): Promise<void> {
    const event = this.#session.event(requestId);
    const read = event === undefined ? undefined : readRequest(event, this.#vnId);
    if (read?.ok !== true) throw new LinkRefusal("UNKNOWN_REQUEST", `${requestId} is unknown or called off`);
    const interval = read.request.intervals[report.intervalIndex];
    if (interval === undefined) throw new LinkRefusal("REPORT_INVALID", `no interval ${report.intervalIndex}`);
    const { deliveredWh, shortfallWh } = report;
    await this.#session.report(deliveryChange(requestId, { ...interval, deliveredWh, shortfallWh }));
  }
}
