import { type Vtn20b, type VtnNotification, VtnRefusal } from "@gridpact/openadr";
import type { DrRequest, DrResponse } from "@gridpact/proto";
import { type Delivery, readDeliveries } from "./delivery-report.ts";
import type { RequestBoard } from "./request-desk.ts";
import { requestEvent } from "./request-event.ts";
import { readAnswer } from "./terms-text.ts";

/** Requests as events of a 2.0b VTN. Its VENs are the virtual nodes, under their own ids. */
export class Vtn20bBoard implements RequestBoard {
  readonly #vtn: Vtn20b;
  #deliveries: Delivery[];

  constructor(vtn: Vtn20b) {
    this.#vtn = vtn;
    this.#deliveries = vtn.state.receivedReports.under().flatMap(({ report }) => readDeliveries(report));
  }

  /** To be told of everything the VTN tells. */
  notice(notification: VtnNotification): void {
    if (notification.kind === "report-received") this.#deliveries.push(...readDeliveries(notification.report));
  }

  isPublished(requestId: string): boolean {
    return this.#vtn.state.events.get(requestId) !== undefined;
  }

  publish(request: DrRequest): void {
    this.#vtn.createEvent(requestEvent(request));
  }

  withdraw({ requestId }: DrRequest): void {
    if (this.#vtn.state.events.get(requestId)?.isCancelled !== false) return;
    try {
      this.#vtn.cancelEvent(requestId);
    } catch (error) {
      // An event whose time is over needs no calling off.
      if (!(error instanceof VtnRefusal) || error.code !== "event-over") throw error;
    }
  }

  answerTo({ requestId, vnId }: DrRequest): DrResponse | undefined {
    const answer = this.#vtn.state.deliveryOf(vnId, requestId)?.answer;
    return answer === undefined ? undefined : readAnswer(answer.optType, answer.description);
  }

  takeDeliveries(): Delivery[] {
    const taken = this.#deliveries;
    this.#deliveries = [];
    return taken;
  }
}
