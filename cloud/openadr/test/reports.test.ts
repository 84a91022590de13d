import { describe, expect, it } from "vitest";
import { codeOf, MINUTE, registered, requests } from "./conversation.ts";
import { changeReport, createLaboratory, historyReport, START, usageReport } from "./laboratory.ts";

describe("reports", () => {
  it("of telemetry are sent when their time has come, with every sample once", async () => {
    const { laboratory, ven, venId } = await registered();
    expect(ven.nextReportAtUnixMs()).toBe(START + MINUTE);
    await ven.sendDueReports();
    expect(requests(laboratory)).toEqual([]);
    for (let minute = 0; minute < 3; minute += 1) {
      laboratory.clock.advance(MINUTE);
      await ven.sendDueReports();
    }
    const values = laboratory.vtn.receivedReports(venId).flatMap(({ report }) => report.intervals ?? []);
    expect(values).toMatchObject(
      [0, 1, 2].map((minute) => ({
        dtstartUnixMs: START + minute * MINUTE,
        duration: "PT1M",
        oadrReportPayload: [{ rID: "R1", payload: { kind: "payloadFloat", value: 1000 + minute } }],
      })),
    );
    expect(laboratory.notifications.filter(({ kind }) => kind === "report-received")).toHaveLength(3);
  });

  it("of a history are sent once, at once", async () => {
    const { laboratory, ven, venId } = await registered(createLaboratory(), { reports: [usageReport, historyReport] });
    const period = { dtstartUnixMs: START - 30 * MINUTE, duration: "PT30M" };
    laboratory.vtn.requestReport(venId, "HISTORY", { granularity: "PT15M", reportBackDuration: "PT0S", period });
    await ven.poll();
    await ven.sendDueReports();
    await ven.sendDueReports();
    const histories = laboratory.vtn
      .receivedReports(venId)
      .filter(({ report }) => report.reportName === "HISTORY_USAGE");
    expect(histories.map(({ report }) => report.intervals?.length)).toEqual([2]);
    expect(ven.reportRequests()).toHaveLength(1);
  });

  it("stop when they are cancelled, after a last one if that is wanted", async () => {
    const { laboratory, ven, venId } = await registered();
    const id = ven.reportRequests()[0]?.request.reportRequestID ?? "";
    laboratory.clock.advance(MINUTE / 2);
    laboratory.vtn.cancelReport(venId, id, true);
    await ven.poll();
    expect(requests(laboratory)).toEqual(["oadrPoll", "oadrUpdateReport", "oadrCanceledReport", "oadrPoll"]);
    expect(ven.reportRequests()).toHaveLength(0);
    expect(laboratory.vtn.state.reportRequests.get(venId, id)).toMatchObject({ state: "cancelled" });
  });

  it("that nobody offers are refused on both sides", async () => {
    const { laboratory, ven, venId } = await registered();
    const wanted = { granularity: "PT1M", reportBackDuration: "PT1M" };
    expect(() => laboratory.vtn.requestReport(venId, "X", wanted)).toThrow("does not offer");
    expect(() => laboratory.vtn.cancelReport(venId, "X")).toThrow("no request");
    const request = {
      reportRequestID: "RR",
      reportSpecifier: { ...wanted, reportSpecifierID: "X", specifierPayload: [{ rID: "R", readingType: "Net" }] },
    } as const;
    await ven.answer({ type: "oadrCreateReport", requestID: "R", oadrReportRequest: [request] });
    expect(laboratory.exchanges.at(-1)?.request).toMatchObject({ eiResponse: { responseCode: "452" } });
    const report = {
      oadrReportDescription: [],
      reportRequestID: "X",
      reportSpecifierID: "X",
      createdDateTimeUnixMs: START,
    } as const;
    const update = { type: "oadrUpdateReport", requestID: "R", oadrReport: [report], venID: venId } as const;
    expect(codeOf(laboratory.vtn.answer("EiReport", update, { fingerprint: undefined }))).toBe("452");
  });

  it("are taken before their request was confirmed", async () => {
    const { laboratory, venId } = await registered(createLaboratory(), { reports: [usageReport, historyReport] });
    const id = laboratory.vtn.requestReport(venId, "HISTORY", { granularity: "PT1M", reportBackDuration: "PT0S" });
    const report = {
      oadrReportDescription: [],
      reportRequestID: id,
      reportSpecifierID: "HISTORY",
      createdDateTimeUnixMs: START,
    } as const;
    const update = { type: "oadrUpdateReport", requestID: "R", oadrReport: [report], venID: venId } as const;
    expect(codeOf(laboratory.vtn.answer("EiReport", update, { fingerprint: undefined }))).toBe("200");
  });
});

describe("reports on change", () => {
  const change = {
    eiReportId: "piece-1",
    startUnixMs: START,
    duration: "PT15M",
    payloads: ["A", "C"].map((rID) => ({ rID, payload: { kind: "payloadFloat", value: -5 } as const })),
  };

  it("are sent when there is something new, with what was asked for, and never by the clock", async () => {
    const { laboratory, ven, venId } = await registered(createLaboratory(), { reports: [changeReport] });
    expect(ven.nextReportAtUnixMs()).toBeUndefined();
    laboratory.clock.advance(60 * MINUTE);
    await ven.sendDueReports();
    expect(requests(laboratory)).toEqual([]);
    await ven.reportChange("CHANGES", change);
    expect(laboratory.vtn.receivedReports(venId).map(({ report }) => report)).toMatchObject([
      {
        eiReportID: "piece-1",
        intervals: [{ dtstartUnixMs: START, duration: "PT15M", oadrReportPayload: [{ rID: "A" }] }],
      },
    ]);
    expect(laboratory.notifications.filter(({ kind }) => kind === "report-received")).toHaveLength(1);
  });

  it("end without a last one when they are cancelled, and then nobody wants them", async () => {
    const { laboratory, ven, venId } = await registered(createLaboratory(), { reports: [changeReport] });
    laboratory.vtn.cancelReport(venId, ven.reportRequests()[0]?.request.reportRequestID ?? "", true);
    await ven.poll();
    expect(requests(laboratory)).toEqual(["oadrPoll", "oadrCanceledReport", "oadrPoll"]);
    await expect(ven.reportChange("CHANGES", change)).rejects.toMatchObject({ code: "unknown-report" });
  });

  it("are an error when the VTN refuses them, and for a report that goes by the clock", async () => {
    const { laboratory, ven, venId } = await registered(createLaboratory(), { reports: [changeReport, usageReport] });
    await expect(ven.reportChange("USAGE", change)).rejects.toMatchObject({ code: "unknown-report" });
    for (const record of laboratory.vtn.state.reportRequests.under(venId)) {
      laboratory.vtn.state.reportRequests.delete(record);
    }
    await expect(ven.reportChange("CHANGES", change)).rejects.toMatchObject({ code: "report-refused" });
  });
});
