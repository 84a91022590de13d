import { describe, expect, it } from "vitest";
import type { VtnReportPolicy } from "../src/ven20b/index.ts";
import { MAX_VTN_REPORTS } from "../src/ven20b/received-reports.ts";
import { MAX_OUTBOX } from "../src/vtn20b/outbox.ts";
import { MAX_ASKED_REPORTS } from "../src/vtn20b/sent-report-service.ts";
import { codeOf, MINUTE, registered, requests } from "./conversation.ts";
import { createLaboratory, historyReport, START, usageReport } from "./laboratory.ts";

const everyMinute: VtnReportPolicy = ({ oadrReportDescription }) => ({
  granularity: "PT1M",
  reportBackDuration: "PT1M",
  descriptions: oadrReportDescription,
});

const nobody = { fingerprint: undefined };

function start(vtnReports?: VtnReportPolicy) {
  const laboratory = createLaboratory({ reports: [usageReport, historyReport] });
  return registered(laboratory, vtnReports === undefined ? {} : { vtnReports });
}

describe("reports of the VTN", () => {
  it("are offered to each VEN that registers, and asked for only if it wants them", async () => {
    const { laboratory, venId } = await start();
    expect(laboratory.vtn.state.askedReports.under(venId)).toEqual([]);
    expect(laboratory.vtn.state.outbox.under(venId)).toEqual([]);
  });

  it("come by the poll when their time has come, with every sample once", async () => {
    const { laboratory, ven, notifications } = await start(everyMinute);
    for (let minute = 0; minute < 3; minute += 1) {
      laboratory.clock.advance(MINUTE);
      await ven.poll();
    }
    const received = notifications.flatMap((told) => (told.kind === "report-received" ? [told.report] : []));
    const usage = received.filter(({ reportName }) => reportName === "TELEMETRY_USAGE");
    expect(usage.flatMap(({ intervals }) => intervals ?? [])).toMatchObject(
      [0, 1, 2].map((minute) => ({
        dtstartUnixMs: START + minute * MINUTE,
        oadrReportPayload: [{ rID: "R1", payload: { value: 1000 + minute } }],
      })),
    );
    expect(requests(laboratory)).toContain("oadrUpdatedReport");
  });

  it("are asked for later too, a history at once, and end when they are cancelled", async () => {
    const { laboratory, ven, venId, notifications } = await start();
    const period = { dtstartUnixMs: START - 30 * MINUTE, duration: "PT30M" };
    await ven.requestVtnReport("HISTORY", { granularity: "PT15M", reportBackDuration: "PT0S", period });
    const telemetry = await ven.requestVtnReport("USAGE", { granularity: "PT1M", reportBackDuration: "PT1M" });
    await ven.poll();
    await ven.cancelVtnReport(telemetry);
    laboratory.clock.advance(MINUTE);
    await ven.poll();
    const received = notifications.flatMap((told) => (told.kind === "report-received" ? [told.report] : []));
    expect(received).toMatchObject([{ reportName: "HISTORY_USAGE", intervals: [{}, {}] }]);
    expect(laboratory.vtn.state.askedReports.under(venId)).toEqual([]);
    await expect(ven.cancelVtnReport(telemetry)).rejects.toMatchObject({ code: "unknown-report" });
  });

  it("that are not on offer are refused on both sides", async () => {
    const { laboratory, ven, venId } = await start();
    const wanted = { granularity: "PT1M", reportBackDuration: "PT1M" };
    await expect(ven.requestVtnReport("X", wanted)).rejects.toMatchObject({ code: "unknown-report" });
    const specifierPayload = [{ rID: "R1", readingType: "Direct Read" }] as const;
    const request = { reportRequestID: "RR", reportSpecifier: { ...wanted, reportSpecifierID: "X", specifierPayload } };
    const create = { type: "oadrCreateReport", requestID: "R", oadrReportRequest: [request], venID: venId } as const;
    expect(codeOf(laboratory.vtn.answer("EiReport", create, nobody))).toBe("452");
    const cancelled = { reportRequestID: ["RR"], reportToFollow: false, venID: venId };
    const cancel = { type: "oadrCancelReport", requestID: "R", ...cancelled } as const;
    expect(codeOf(laboratory.vtn.answer("EiReport", cancel, nobody))).toBe("452");
    const report = { oadrReportDescription: [], reportRequestID: "RR", reportSpecifierID: "X" };
    const oadrReport = [{ ...report, createdDateTimeUnixMs: START }];
    await ven.answer({ type: "oadrUpdateReport", requestID: "R", oadrReport, venID: venId });
    expect(laboratory.exchanges.at(-1)?.request).toMatchObject({ eiResponse: { responseCode: "452" } });
  });

  it("end with a last one when the VEN wants that", async () => {
    const { laboratory, ven, venId, notifications } = await start();
    const id = await ven.requestVtnReport("USAGE", { granularity: "PT1M", reportBackDuration: "PT1H" });
    laboratory.clock.advance(2 * MINUTE);
    const cancelled = { reportRequestID: [id], reportToFollow: true, venID: venId };
    laboratory.vtn.answer("EiReport", { type: "oadrCancelReport", requestID: "R", ...cancelled }, nobody);
    await ven.poll();
    const received = notifications.flatMap((told) => (told.kind === "report-received" ? [told.report] : []));
    expect(received.map(({ intervals }) => intervals?.length)).toEqual([2]);
  });

  it("are forgotten on both sides with the registration", async () => {
    const { laboratory, ven, venId } = await start(everyMinute);
    expect(laboratory.vtn.state.askedReports.under(venId)).toHaveLength(2);
    await ven.cancelRegistration();
    expect(laboratory.vtn.state.askedReports.under(venId)).toEqual([]);
    await ven.register();
    await ven.poll();
    expect(laboratory.vtn.state.askedReports.under(venId)).toHaveLength(2);
  });

  it("stay within their bounds, whatever a VEN asks for and however seldom it polls", async () => {
    const { laboratory, ven, venId } = await start();
    const wanted = { granularity: "PT1M", reportBackDuration: "PT1M" };
    for (let count = 0; count < MAX_ASKED_REPORTS; count += 1) await ven.requestVtnReport("USAGE", wanted);
    await expect(ven.requestVtnReport("USAGE", wanted)).rejects.toMatchObject({ code: "unexpected-message" });
    expect(MAX_VTN_REPORTS).toBe(MAX_ASKED_REPORTS);
    laboratory.clock.advance(2 * MINUTE);
    laboratory.vtn.answer("OadrPoll", { type: "oadrPoll", venID: venId }, nobody);
    expect(laboratory.vtn.state.outbox.under(venId)).toHaveLength(MAX_OUTBOX / 2);
  });
});

describe("a VEN whose VTN has forgotten it", () => {
  it("gets a new venID instead of being locked out", async () => {
    const { store } = await start();
    const { ven, venId } = await registered(createLaboratory(), {});
    const other = createLaboratory();
    const moved = other.addVen({}, store);
    const registration = await moved.ven.register();
    expect(other.vtn.state.vens.get(registration.venId)?.registrationId).toBe(registration.registrationId);
    expect(ven.registration?.venId).toBe(venId);
  });
});
