import { SeededRandom, VirtualClock } from "@gridpact/host";
import {
  formatPayload,
  type OadrMessage,
  parseFingerprint,
  parsePayload,
  SqliteDocumentStore,
  Vtn20b,
  type VtnNotification,
  type VtnTransport,
} from "@gridpact/openadr";
import type { DrReport, DrRequest, DrResponse } from "@gridpact/proto";
import { requestDelivery } from "../src/delivery-report.ts";
import type { PlacedRequest, RequestBook } from "../src/request-desk.ts";

/** Two parties in one process; what they say goes through XML, as on the wire. */

export const UNIT_MS = 900_000;
export const START_UNIX_MS = Date.UTC(2016, 0, 28, 10);
export const NOW_UNIX_MS = START_UNIX_MS - 3_600_000;

export const FINGERPRINT = parseFingerprint("00112233445566778899");

export function units(count: number) {
  return Array.from({ length: count }, (_, unit) => ({
    startUnixMs: START_UNIX_MS + unit * UNIT_MS,
    endUnixMs: START_UNIX_MS + (unit + 1) * UNIT_MS,
  }));
}

export function drRequest(changes: Partial<DrRequest> = {}): DrRequest {
  return {
    requestId: "story-1.district",
    eventId: "story-1",
    vnId: "district",
    contractId: "story-1.district",
    intervals: units(2),
    orderedWh: [500n, 333n],
    priceMicroPerWh: 400n,
    penaltyMicroPerWh: 600n,
    penaltyCapMicro: 10n ** 20n,
    baselineMethod: "tenInTen",
    fallbackVnIds: ["offices"],
    respondByUnixMs: NOW_UNIX_MS + 600_000,
    ...changes,
  };
}

export const ACCEPTANCE: DrResponse = {
  isAccepted: true,
  nominatedWh: [500n, 300n],
  acceptanceProofHashHex: "ab".repeat(32),
  reason: "",
};

/** A VTN with one VEN to come, and the way to it. */
export function openVtn(venId: string, store = new SqliteDocumentStore(":memory:")) {
  const clock = new VirtualClock(NOW_UNIX_MS);
  const told: ((notification: VtnNotification) => void)[] = [];
  const vtn = new Vtn20b(
    { vtnId: "vtn", pollFrequency: "PT10S", isEnrolmentRequired: true, reportPolicy: requestDelivery },
    {
      store,
      clock,
      random: new SeededRandom("vtn"),
      onNotification: (notification) => {
        for (const listener of told) listener(notification);
      },
    },
  );
  vtn.enrol(FINGERPRINT ?? "", venId);
  const sent: OadrMessage[] = [];
  const transport: VtnTransport = {
    send: async (service, message) => {
      sent.push(message);
      const reply = vtn.answer(service, throughXml(message), { fingerprint: FINGERPRINT });
      if (!reply.ok) throw new Error(reply.fault);
      return reply.message === undefined ? undefined : throughXml(reply.message);
    },
  };
  const ven = { store: new SqliteDocumentStore(":memory:"), transport, clock, random: new SeededRandom("ven") };
  return { vtn, store, clock, ven, sent, listen: (listener: (typeof told)[number]) => told.push(listener) };
}

export function throughXml(message: OadrMessage): OadrMessage {
  const parsed = parsePayload(new TextEncoder().encode(formatPayload(message)));
  if (!parsed.ok) throw new Error(parsed.detail);
  return parsed.message;
}

/** An aggregator that remembers what it is told; `refusal` is thrown instead when it is set. */
export class RecordingBook implements RequestBook {
  placed: PlacedRequest[];
  readonly responses: [string, DrResponse][] = [];
  readonly reports: [string, DrReport][] = [];
  refusal: Error | undefined;

  constructor(...requests: DrRequest[]) {
    this.placed = requests.map((request) => ({ request, state: "open", reports: [] }));
  }

  events() {
    return [{ requests: this.placed, result: null }];
  }

  async respond(requestId: string, response: DrResponse): Promise<void> {
    if (this.refusal !== undefined) throw this.refusal;
    this.responses.push([requestId, response]);
    this.become(response.isAccepted ? "accepted" : "refused");
  }

  async report(requestId: string, report: DrReport): Promise<void> {
    if (this.refusal !== undefined) throw this.refusal;
    this.reports.push([requestId, report]);
  }

  become(state: string): void {
    this.placed = this.placed.map((each) => ({ ...each, state }));
  }
}

/** As the aggregator refuses. */
export function refusalOf(code: string): Error {
  return Object.assign(new Error(code), { code });
}
