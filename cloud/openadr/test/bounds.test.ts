import { describe, expect, it } from "vitest";
import type { Scope } from "../src/oadr3/clients.ts";
import { MAX_CHANGES_IN_FLIGHT, MAX_CONCURRENT, Notifier } from "../src/oadr3/notifier.ts";
import { Vtn3 } from "../src/oadr3/vtn3.ts";
import { MAX_SAMPLES_PER_REPORT, nextSpan } from "../src/reports20b/report-schedule.ts";
import { SqliteDocumentStore } from "../src/storage/index.ts";
import { MAX_REPORT_REQUESTS } from "../src/ven20b/sent-reports.ts";
import { MAX_MESSAGES_PER_POLL, Ven20b } from "../src/ven20b/ven.ts";
import { MAX_INTERVALS, MAX_SIGNALS } from "../src/vtn20b/event-input.ts";
import { MAX_OPTS } from "../src/vtn20b/opt-service.ts";
import { MAX_OFFERS, MAX_RECEIVED_REPORTS } from "../src/vtn20b/report-service.ts";
import { type OadrMessage, targetOf } from "../src/wire20b/index.ts";
import { codeOf, MINUTE, registered } from "./conversation.ts";
import { HandClock, minuteMeter, START, seededRandom, usageReport } from "./laboratory.ts";

const nobody = { fingerprint: undefined };

/** Each bound, held at the bound and broken one beyond. */
describe("bounds of the VTN", () => {
  it("opts", async () => {
    const { laboratory, venId } = await registered();
    const create = (number: number) =>
      codeOf(
        laboratory.vtn.answer(
          "EiOpt",
          {
            type: "oadrCreateOpt",
            optID: `OPT-${number}`,
            optType: "optOut",
            optReason: "x-schedule",
            venID: venId,
            vavailability: { available: [] },
            createdDateTimeUnixMs: START,
            requestID: "R",
            eiTarget: targetOf({}),
          },
          nobody,
        ),
      );
    for (let number = 1; number < MAX_OPTS; number += 1) create(number);
    expect([create(MAX_OPTS), create(MAX_OPTS + 1), create(1)]).toEqual(["200", "451", "200"]);
  });

  it("reports on offer", async () => {
    const { laboratory, venId } = await registered();
    const report = (number: number) => ({
      oadrReportDescription: [],
      reportRequestID: "0",
      reportSpecifierID: `RS-${number}`,
      createdDateTimeUnixMs: START,
    });
    const offer = (count: number) => {
      const oadrReport = Array.from({ length: count }, (_, number) => report(number));
      return codeOf(
        laboratory.vtn.answer(
          "EiReport",
          { type: "oadrRegisterReport", requestID: "R", oadrReport, venID: venId },
          nobody,
        ),
      );
    };
    expect([offer(MAX_OFFERS), offer(MAX_OFFERS + 1)]).toEqual(["200", "451"]);
    expect(laboratory.vtn.state.offers.countUnder(venId)).toBe(MAX_OFFERS);
  });

  it("received reports: the newest are kept", async () => {
    const { laboratory, ven, venId } = await registered();
    const reportRequestID = ven.reportRequests()[0]?.request.reportRequestID ?? "";
    for (let number = 0; number <= MAX_RECEIVED_REPORTS; number += 1) {
      const report = {
        oadrReportDescription: [],
        reportRequestID,
        reportSpecifierID: "USAGE",
        createdDateTimeUnixMs: START + number,
      };
      laboratory.vtn.answer(
        "EiReport",
        { type: "oadrUpdateReport", requestID: "R", oadrReport: [report], venID: venId },
        nobody,
      );
    }
    const times = laboratory.vtn.receivedReports(venId).map(({ report }) => report.createdDateTimeUnixMs - START);
    expect(times).toHaveLength(MAX_RECEIVED_REPORTS);
    expect([times.includes(0), times.includes(MAX_RECEIVED_REPORTS)]).toEqual([false, true]);
  });

  it("signals and intervals of an event", async () => {
    const { laboratory, venId } = await registered();
    const create = (signals: number, intervals: number) => {
      const one = {
        signalName: "LOAD_DISPATCH",
        signalType: "setpoint",
        intervals: Array.from({ length: intervals }, () => ({ duration: "PT1S", value: 1 })),
      } as const;
      const many = Array.from({ length: signals }, () => one);
      const input = { venIds: [venId], startUnixMs: START, duration: `PT${intervals}S`, signals: many };
      return () => laboratory.vtn.createEvent(input);
    };
    expect(create(MAX_SIGNALS, 1)).not.toThrow();
    expect(create(MAX_SIGNALS + 1, 1)).toThrow("signals");
    expect(create(1, MAX_INTERVALS)).not.toThrow();
    expect(create(1, MAX_INTERVALS + 1)).toThrow("intervals");
  });
});

describe("bounds of the VEN", () => {
  const wanted = (number: number) => ({
    reportRequestID: `RR-${number}`,
    reportSpecifier: {
      reportSpecifierID: "USAGE",
      granularity: "PT1M",
      reportBackDuration: "PT1M",
      specifierPayload: [{ rID: "R1", readingType: "Direct Read" as const }],
    },
  });

  it("report requests", async () => {
    const { laboratory, ven } = await registered();
    const requests = Array.from({ length: MAX_REPORT_REQUESTS }, (_, number) => wanted(number));
    await ven.answer({ type: "oadrCreateReport", requestID: "R", oadrReportRequest: requests });
    expect(ven.reportRequests()).toHaveLength(MAX_REPORT_REQUESTS);
    expect(laboratory.exchanges.at(-1)?.request).toMatchObject({ eiResponse: { responseCode: "452" } });
  });

  it("samples in one report: the rest goes into the next one", () => {
    const request = {
      ...wanted(0),
      reportSpecifier: { ...wanted(0).reportSpecifier, reportBackDuration: `PT${MAX_SAMPLES_PER_REPORT + 1}M` },
    };
    const span = nextSpan({ request, requestedAtUnixMs: START, nextFromUnixMs: START });
    expect(span).toEqual({ fromUnixMs: START, toUnixMs: START + MAX_SAMPLES_PER_REPORT * MINUTE, isLast: false });
  });

  it("messages after one poll, from a VTN that never ends", async () => {
    const sent: OadrMessage[] = [];
    const endless = { type: "oadrDistributeEvent", requestID: "R", vtnID: "VTN", oadrEvent: [] } as const;
    const store = new SqliteDocumentStore(":memory:");
    store.put("ven-registration", "", { venId: "V", registrationId: "R", vtnId: "VTN", pollFrequency: "PT1S" });
    const send = async (_service: string, message: OadrMessage) => {
      sent.push(message);
      return endless;
    };
    const ven = new Ven20b(
      { venName: "v", isSigning: false, reports: [usageReport], decide: () => "optIn" },
      { store, transport: { send }, clock: new HandClock(), random: seededRandom("v"), meter: minuteMeter },
    );
    await ven.poll();
    expect(sent).toHaveLength(MAX_MESSAGES_PER_POLL);
  });
});

describe("bounds of notifications", () => {
  it("connections and changes at a time", async () => {
    const vtn = new Vtn3({
      store: new SqliteDocumentStore(":memory:"),
      clock: new HandClock(),
      random: seededRandom("n"),
    });
    const bl = { clientId: "bl", role: "bl", scopes: new Set<Scope>() } as const;
    const objectOperations = [{ objects: ["PROGRAM"], operations: ["CREATE"] }] as const;
    for (let number = 0; number <= MAX_CONCURRENT; number += 1) {
      const callback = objectOperations.map((one) => ({ ...one, callbackUrl: `https://ven.example/${number}` }));
      vtn.create(bl, "subscriptions", { clientName: "x", objectOperations: callback });
    }
    const waiting: (() => void)[] = [];
    let mostAtATime = 0;
    const notifier = new Notifier({
      state: vtn.state,
      roleOf: () => "bl",
      post: () =>
        new Promise((resolve) => {
          waiting.push(() => resolve(200));
          mostAtATime = Math.max(mostAtATime, waiting.length);
        }),
      wait: async () => undefined,
      onGivenUp: () => undefined,
    });
    notifier.wake();
    await notifier.idle();
    for (let number = 0; number <= MAX_CHANGES_IN_FLIGHT; number += 1) {
      vtn.create(bl, "programs", { programName: `P${number}` });
    }
    notifier.wake();
    const pending = notifier.idle();
    let isIdle = false;
    void pending.then(() => {
      isIdle = true;
    });
    let sent = 0;
    while (!isIdle) {
      for (const release of waiting.splice(0)) {
        release();
        sent += 1;
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(mostAtATime).toBe(MAX_CONCURRENT);
    expect(sent).toBe((MAX_CONCURRENT + 1) * (MAX_CHANGES_IN_FLIGHT + 1));
    expect([...vtn.state.changes()]).toEqual([]);
  });
});
