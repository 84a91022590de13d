import type { Log } from "@gridpact/host";
import type { DrReport, DrRequest, DrResponse } from "@gridpact/proto";
import type { Delivery } from "./delivery-report.ts";

/** A request that the aggregator has placed, as far as it concerns the virtual node. */
export type PlacedRequest = { request: DrRequest; state: string; reports: readonly Pick<DrReport, "intervalIndex">[] };

/** The aggregator's events; its core is one. */
export interface RequestBook {
  events(): readonly { requests: readonly PlacedRequest[]; result: unknown }[];
  respond(requestId: string, response: DrResponse): Promise<void>;
  report(requestId: string, report: DrReport): Promise<void>;
}

/** The aggregator as VTN, in one profile of OpenADR: where requests are put up and answers are found. */
export interface RequestBoard {
  isPublished(requestId: string): boolean;
  publish(request: DrRequest): void;
  /** Calls a request off; it is no longer to be answered. Nothing when that was done. */
  withdraw(request: DrRequest): void;
  /** The node's answer as it stands; undefined while there is none. */
  answerTo(request: DrRequest): DrResponse | undefined;
  /** Deliveries that came since the last call; at first those of earlier lives of this process, too. */
  takeDeliveries(): Delivery[];
}

/** A request in one of these asks nothing of a node any more. */
const CALLED_OFF: readonly string[] = ["expired", "failed"];

/**
 * Carries requests from the aggregator to its virtual nodes, and answers and deliveries back. Each tick compares what
 * both sides have durably and does what is missing, so a crash between the two costs nothing.
 */
export class RequestDesk {
  readonly #modules: { book: RequestBook; board: RequestBoard; log: Log };
  /** Answers that the aggregator refused for good; the same one is not passed on again. */
  readonly #refused = new Set<string>();
  /** Bounded by what the board has received and keeps; none is held longer than a tick unless the book fails. */
  readonly #deliveries: Delivery[] = [];

  constructor(modules: { book: RequestBook; board: RequestBoard; log: Log }) {
    this.#modules = modules;
  }

  async tick(): Promise<void> {
    const { book } = this.#modules;
    const placed = book.events().flatMap(({ requests, result }) => (result === null ? requests : []));
    for (const each of placed) await this.#carry(each);
    await this.#passDeliveries();
  }

  async #carry({ request, state }: PlacedRequest): Promise<void> {
    const { board, log } = this.#modules;
    const isWanted = state === "open" && !this.#refused.has(request.requestId);
    if (isWanted && !board.isPublished(request.requestId)) {
      board.publish(request);
      log.info("request_published", { requestId: request.requestId, vnId: request.vnId });
    }
    if (state === "open") await this.#passAnswer(request);
    if (CALLED_OFF.includes(state) && board.isPublished(request.requestId)) board.withdraw(request);
  }

  async #passAnswer(request: DrRequest): Promise<void> {
    const { book, board, log } = this.#modules;
    const { requestId } = request;
    const answer = this.#refused.has(requestId) ? undefined : board.answerTo(request);
    if (answer === undefined) return;
    try {
      await book.respond(requestId, answer);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      // A node that is called off stops waiting for a contract; asked again it would say the same.
      this.#refused.add(requestId);
      board.withdraw(request);
      log.warn("answer_refused", { requestId, reason: String(error) });
    }
  }

  /** One delivery after the other; one that could not be passed on for a passing reason is first again next time. */
  async #passDeliveries(): Promise<void> {
    this.#deliveries.push(...this.#modules.board.takeDeliveries());
    for (let next = this.#deliveries[0]; next !== undefined; next = this.#deliveries[0]) {
      await this.#passDelivery(next);
      this.#deliveries.shift();
    }
  }

  async #passDelivery({ requestId, startUnixMs, ...energy }: Delivery): Promise<void> {
    const { book, log } = this.#modules;
    const placed = book
      .events()
      .flatMap(({ requests }) => requests)
      .find(({ request }) => request.requestId === requestId);
    const intervalIndex = placed?.request.intervals.findIndex((each) => each.startUnixMs === startUnixMs) ?? -1;
    try {
      await book.report(requestId, { intervalIndex, ...energy });
    } catch (error) {
      if (!isRefusal(error)) throw error;
      // Settlement rests on evidence, not on reports: one that fits nothing is told and dropped.
      log.warn("delivery_refused", { requestId, startUnixMs, reason: String(error) });
    }
  }
}

/** The aggregator's refusals, which stay the same however often it is asked. */
const REFUSALS: readonly unknown[] = [
  "UNKNOWN_REQUEST",
  "RESPONSE_INVALID",
  "RESPONSE_CONFLICT",
  "RESPONSE_TOO_LATE",
  "REPORT_INVALID",
];

function isRefusal(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error && REFUSALS.includes(error.code);
}
