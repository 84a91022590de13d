import { clientOf, type Event3, type Report3, type Vtn3 } from "@gridpact/openadr";
import type { DrRequest, DrResponse } from "@gridpact/proto";
import type { Delivery } from "./delivery-report.ts";
import { readAnswerReport, readDeliveryReport31 } from "./reports31.ts";
import type { RequestBoard } from "./request-desk.ts";
import { requestEvent31 } from "./request-event31.ts";

/** The program that requests are events of. */
const PROGRAM = "gridpact dr requests";

/**
 * Requests as events of a 3.1 VTN, each with its virtual node's id as target: no node sees another's. The nodes are
 * clients under their own ids.
 */
export class Vtn31Board implements RequestBoard {
  readonly #vtn: Vtn3;
  readonly #operator: ReturnType<typeof clientOf>;
  readonly #programId: string;
  #deliveries: Delivery[];

  /** `operator` is the client of business logic in whose name requests are published. */
  constructor(vtn: Vtn3, { operator, vnIds }: { operator: string; vnIds: readonly string[] }) {
    this.#vtn = vtn;
    this.#operator = clientOf({ clientId: operator, role: "bl" });
    for (const vnId of vnIds) this.#admit(vnId);
    const known = [...vtn.state.tables.programs.values()].find(({ programName }) => programName === PROGRAM);
    this.#programId = (known ?? vtn.create(this.#operator, "programs", { programName: PROGRAM })).id;
    this.#deliveries = [...vtn.state.tables.reports.values()].flatMap((report) => this.#deliveriesOf(report));
  }

  /** To be told of every report that is made. */
  notice(report: Report3): void {
    this.#deliveries.push(...this.#deliveriesOf(report));
  }

  isPublished(requestId: string): boolean {
    return this.#eventOf(requestId) !== undefined;
  }

  publish(request: DrRequest): void {
    this.#vtn.create(this.#operator, "events", requestEvent31(request, this.#programId));
  }

  withdraw({ requestId }: DrRequest): void {
    const event = this.#eventOf(requestId);
    if (event !== undefined) this.#vtn.delete(this.#operator, "events", event.id);
  }

  answerTo({ requestId, vnId }: DrRequest): DrResponse | undefined {
    const event = this.#eventOf(requestId);
    const reports = this.#vtn.state.tables.reports.inGroup(vnId).filter(({ eventID }) => eventID === event?.id);
    const answers = reports.flatMap((report) => readAnswerReport(report) ?? []);
    return answers[0];
  }

  takeDeliveries(): Delivery[] {
    const taken = this.#deliveries;
    this.#deliveries = [];
    return taken;
  }

  #admit(vnId: string): void {
    if (this.#vtn.state.tables.vens.inGroup(vnId).length > 0) return;
    const ven = { objectType: "BL_VEN_REQUEST", clientID: vnId, venName: vnId, targets: [vnId] } as const;
    this.#vtn.create(this.#operator, "vens", ven);
  }

  #eventOf(requestId: string): Event3 | undefined {
    return this.#vtn.state.tables.events.inGroup(this.#programId).find(({ eventName }) => eventName === requestId);
  }

  #deliveriesOf(report: Report3): Delivery[] {
    const event = this.#vtn.state.tables.events.get(report.eventID);
    if (event?.programID !== this.#programId) return [];
    return readDeliveryReport31(report).map((delivery) => ({ requestId: event.eventName ?? "", ...delivery }));
  }
}
