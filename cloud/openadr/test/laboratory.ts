import { createHash } from "node:crypto";
import type { Clock, RandomSource } from "../src/clock.ts";
import type { Meter, OfferedReport } from "../src/reports20b/index.ts";
import { SqliteDocumentStore } from "../src/storage/index.ts";
import { Ven20b, type VenNotification, type VenOptions } from "../src/ven20b/index.ts";
import { requestAllTelemetry, Vtn20b, type VtnNotification, type VtnOptions } from "../src/vtn20b/index.ts";
import { formatPayload, type OadrMessage, parsePayload, type ServiceName } from "../src/wire20b/index.ts";

/** A VTN and VENs in one process, with a clock that moves by hand and bytes instead of a network. */

export const START = Date.UTC(2026, 10, 22, 12, 0, 0);

export class HandClock implements Clock {
  #nowUnixMs = START;

  nowUnixMs(): number {
    return this.#nowUnixMs;
  }

  advance(milliseconds: number): void {
    this.#nowUnixMs += milliseconds;
  }
}

/** The same bytes for the same seed. */
export function seededRandom(seed: string): RandomSource {
  let count = 0;
  return {
    bytes(length) {
      count += 1;
      return createHash("sha512").update(`${seed}/${count}`).digest().subarray(0, length);
    },
  };
}

/** A meter that reads 1000 plus the minute of the hour. */
export const minuteMeter: Meter = {
  sample: ({ startUnixMs }) => ({ kind: "payloadFloat", value: 1000 + new Date(startUnixMs).getUTCMinutes() }),
};

export const usageReport: OfferedReport = {
  reportSpecifierId: "USAGE",
  reportName: "TELEMETRY_USAGE",
  duration: "PT1H",
  descriptions: [
    {
      rID: "R1",
      reportType: "usage",
      itemBase: { kind: "energyReal", value: { itemDescription: "RealEnergy", itemUnits: "Wh", siScaleCode: "none" } },
      readingType: "Direct Read",
      oadrSamplingRate: { oadrMinPeriod: "PT1M", oadrMaxPeriod: "PT15M", oadrOnChange: false },
    },
  ],
};

export const historyReport: OfferedReport = {
  ...usageReport,
  reportSpecifierId: "HISTORY",
  reportName: "HISTORY_USAGE",
};

/** Sent whenever there is something new. */
export const changeReport: OfferedReport = {
  reportSpecifierId: "CHANGES",
  reportName: "TELEMETRY_USAGE",
  duration: "PT1H",
  descriptions: ["A", "B"].map((rID) => ({
    rID,
    reportType: "deltaUsage",
    readingType: "Derived",
    oadrSamplingRate: { oadrMinPeriod: "PT1M", oadrMaxPeriod: "PT15M", oadrOnChange: true },
  })),
};

export interface Exchange {
  readonly service: ServiceName;
  readonly request: OadrMessage;
  readonly response: OadrMessage | undefined;
}

export interface Laboratory {
  readonly clock: HandClock;
  readonly vtn: Vtn20b;
  readonly vtnStore: SqliteDocumentStore;
  readonly notifications: VtnNotification[];
  readonly exchanges: Exchange[];
  /** While true every answer of the VTN is lost on its way back. */
  isLosingAnswers: boolean;
  addVen(options?: Partial<VenOptions>, store?: SqliteDocumentStore): LaboratoryVen;
}

export interface LaboratoryVen {
  readonly ven: Ven20b;
  readonly store: SqliteDocumentStore;
  readonly notifications: VenNotification[];
}

export function createLaboratory(options: Partial<VtnOptions> = {}): Laboratory {
  const clock = new HandClock();
  const notifications: VtnNotification[] = [];
  const vtnStore = new SqliteDocumentStore(":memory:");
  const vtn = new Vtn20b(
    { vtnId: "VTN", pollFrequency: "PT10S", isEnrolmentRequired: false, reportPolicy: requestAllTelemetry, ...options },
    {
      store: vtnStore,
      clock,
      random: seededRandom("vtn"),
      meter: minuteMeter,
      onNotification: (told) => notifications.push(told),
    },
  );
  let venCount = 0;
  const laboratory: Laboratory = {
    clock,
    vtn,
    vtnStore,
    notifications,
    exchanges: [],
    isLosingAnswers: false,
    addVen(venOptions = {}, store = new SqliteDocumentStore(":memory:")) {
      venCount += 1;
      const told: VenNotification[] = [];
      const ven = new Ven20b(
        { venName: `ven ${venCount}`, isSigning: false, reports: [usageReport], decide: () => "optIn", ...venOptions },
        {
          store,
          clock,
          random: seededRandom(`ven ${venCount}`),
          meter: minuteMeter,
          transport: { send: (service, message) => exchange(laboratory, service, message) },
          onNotification: (notification) => told.push(notification),
        },
      );
      return { ven, store, notifications: told };
    },
  };
  return laboratory;
}

/** Both messages go through XML, as they would on the wire. */
async function exchange(laboratory: Laboratory, service: ServiceName, request: OadrMessage) {
  const reply = laboratory.vtn.answer(service, throughXml(request), { fingerprint: undefined });
  if (!reply.ok) throw new Error(reply.fault);
  const response = reply.message === undefined ? undefined : throughXml(reply.message);
  laboratory.exchanges.push({ service, request, response });
  if (laboratory.isLosingAnswers) throw new Error("the answer was lost");
  return response;
}

function throughXml(message: OadrMessage): OadrMessage {
  const parsed = parsePayload(new TextEncoder().encode(formatPayload(message)));
  if (!parsed.ok) throw new Error(parsed.detail);
  return parsed.message;
}
