import { silentLog } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import { RequestDesk } from "../src/request-desk.ts";
import { VnLink20b } from "../src/vn-link20b.ts";
import { Vtn20bBoard } from "../src/vtn20b-board.ts";
import { ACCEPTANCE, drRequest, openVtn, RecordingBook, refusalOf, START_UNIX_MS, UNIT_MS } from "./bench.ts";

const POLL_MS = 10_000;
const REQUEST = drRequest();
const { requestId } = REQUEST;

function open(...requests: Parameters<typeof drRequest>[0][]) {
  const { vtn, store, clock, ven, sent, listen } = openVtn("district");
  const board = new Vtn20bBoard(vtn);
  listen((notification) => board.notice(notification));
  const book = new RecordingBook(...requests.map((changes) => drRequest(changes)));
  const desk = new RequestDesk({ book, board, log: silentLog });
  const link = new VnLink20b({ vnId: "district", isSigning: false }, ven);
  const nextPoll = async () => {
    await clock.advanceTo(clock.nowUnixMs() + POLL_MS);
    return link.pollRequests();
  };
  return { vtn, store, clock, ven, sent, board, book, desk, link, nextPoll };
}

describe("a request over OpenADR", () => {
  it("reaches the virtual node as it was placed", async () => {
    const { desk, link } = open({});
    await desk.tick();
    expect(await link.pollRequests()).toEqual([REQUEST]);
  });

  it("is a LOAD_DISPATCH in W and a price in EUR/kWh to any other VEN", async () => {
    const { desk, vtn } = open({});
    await desk.tick();
    const [dispatch, price] = vtn.state.events.get(requestId)?.signals ?? [];
    expect(dispatch).toMatchObject({ signalName: "LOAD_DISPATCH", signalType: "delta" });
    expect(dispatch?.intervals.map(({ signalPayload }) => signalPayload)).toEqual([[-2_000], [-1_332]]);
    expect(price).toMatchObject({ signalName: "ELECTRICITY_PRICE", intervals: [{ signalPayload: [0.4] }] });
  });

  it("is published once, and asked for only when it is time to poll", async () => {
    const { desk, link, sent } = open({});
    await desk.tick();
    await desk.tick();
    await link.pollRequests();
    const exchanged = sent.length;
    expect(await link.pollRequests()).toHaveLength(1);
    expect(sent).toHaveLength(exchanged);
  });

  it("is answered by optIn with nomination and proof, which the aggregator gets once", async () => {
    const { desk, link, book, nextPoll } = open({});
    await desk.tick();
    await link.pollRequests();
    await link.respond(requestId, ACCEPTANCE);
    await desk.tick();
    await desk.tick();
    expect(book.responses).toEqual([[requestId, ACCEPTANCE]]);
    expect(await nextPoll()).toEqual([]);
  });

  it("is answered by optOut with the reason", async () => {
    const { desk, link, book } = open({});
    await desk.tick();
    await link.pollRequests();
    const refusal = { isAccepted: false, nominatedWh: [], acceptanceProofHashHex: "", reason: "nothing to reduce" };
    await link.respond(requestId, refusal);
    await desk.tick();
    expect(book.responses).toEqual([[requestId, refusal]]);
  });

  it("is called off when its time to be answered is over, and no answer is taken then", async () => {
    const { desk, link, book, nextPoll } = open({});
    await desk.tick();
    await link.pollRequests();
    book.become("expired");
    await desk.tick();
    await desk.tick();
    await expect(link.respond(requestId, ACCEPTANCE)).rejects.toMatchObject({ code: "UNKNOWN_REQUEST" });
    expect(await nextPoll()).toEqual([]);
    await expect(link.respond(requestId, ACCEPTANCE)).rejects.toMatchObject({ code: "UNKNOWN_REQUEST" });
  });

  it("is called off when the aggregator refuses the answer for good, which is not passed on again", async () => {
    const { desk, link, book, vtn } = open({});
    await desk.tick();
    await link.pollRequests();
    await link.respond(requestId, { ...ACCEPTANCE, nominatedWh: [] });
    book.refusal = refusalOf("RESPONSE_INVALID");
    await desk.tick();
    expect(vtn.state.events.get(requestId)?.isCancelled).toBe(true);
    book.refusal = undefined;
    await desk.tick();
    expect(book.responses).toEqual([]);
  });

  it("is passed on again when the aggregator could not take the answer", async () => {
    const { desk, link, book } = open({});
    await desk.tick();
    await link.pollRequests();
    await link.respond(requestId, ACCEPTANCE);
    book.refusal = new Error("disk full");
    await expect(desk.tick()).rejects.toThrow("disk full");
    book.refusal = undefined;
    await desk.tick();
    expect(book.responses).toHaveLength(1);
  });

  it("of another programme is opted out of at once, without a word to the agent", async () => {
    const { vtn, link } = open();
    vtn.createEvent({
      venIds: ["district"],
      startUnixMs: START_UNIX_MS,
      duration: "PT1H",
      eventId: "other",
      signals: [{ signalName: "SIMPLE", signalType: "level", intervals: [{ duration: "PT1H", value: 1 }] }],
    });
    expect(await link.pollRequests()).toEqual([]);
    expect(vtn.state.deliveryOf("district", "other")?.answer?.optType).toBe("optOut");
  });
});

describe("delivery over OpenADR", () => {
  const report = { intervalIndex: 1, deliveredWh: 250n, shortfallWh: 50n };

  async function contracted() {
    const opened = open({});
    await opened.desk.tick();
    await opened.link.pollRequests();
    await opened.link.respond(requestId, ACCEPTANCE);
    await opened.desk.tick();
    opened.book.become("contracted");
    return opened;
  }

  it("reaches the aggregator interval by interval", async () => {
    const { link, desk, book } = await contracted();
    await link.report(requestId, report);
    await desk.tick();
    await desk.tick();
    expect(book.reports).toEqual([[requestId, report]]);
  });

  it("is a usage report with the change against the baseline", async () => {
    const { link, vtn } = await contracted();
    await link.report(requestId, report);
    expect(vtn.receivedReports("district")[0]?.report).toMatchObject({
      eiReportID: requestId,
      reportName: "TELEMETRY_USAGE",
      intervals: [
        {
          dtstartUnixMs: START_UNIX_MS + UNIT_MS,
          duration: "PT900S",
          oadrReportPayload: [{ payload: { value: -250 } }, { payload: { value: 50 } }],
        },
      ],
    });
  });

  it("is there again after a crash of the aggregator", async () => {
    const { link, vtn } = await contracted();
    await link.report(requestId, report);
    const later = new RecordingBook(REQUEST);
    later.become("contracted");
    await new RequestDesk({ book: later, board: new Vtn20bBoard(vtn), log: silentLog }).tick();
    expect(later.reports).toEqual([[requestId, report]]);
  });

  it("waits while the aggregator cannot take it, and is dropped when it never will", async () => {
    const { link, desk, book } = await contracted();
    await link.report(requestId, report);
    book.refusal = new Error("disk full");
    await expect(desk.tick()).rejects.toThrow("disk full");
    book.refusal = refusalOf("REPORT_INVALID");
    await desk.tick();
    book.refusal = undefined;
    await desk.tick();
    expect(book.reports).toEqual([]);
  });

  it("is refused for a request or an interval that is none, and by a VTN that does not ask for it", async () => {
    const { link, vtn } = await contracted();
    await expect(link.report("other", report)).rejects.toMatchObject({ code: "UNKNOWN_REQUEST" });
    await expect(link.report(requestId, { ...report, intervalIndex: 2 })).rejects.toMatchObject({
      code: "REPORT_INVALID",
    });
    for (const record of vtn.state.reportRequests.under("district")) vtn.state.reportRequests.delete(record);
    await expect(link.report(requestId, report)).rejects.toMatchObject({ code: "REPORT_INVALID" });
  });
});
