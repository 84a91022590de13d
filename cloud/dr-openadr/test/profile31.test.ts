import { silentLog, VirtualClock } from "@gridpact/host";
import { clientOf } from "@gridpact/openadr";
import { describe, expect, it } from "vitest";
import { DsoFeed31, dsoEventRequest31 } from "../src/dso-feed31.ts";
import { DsoIntake } from "../src/dso-intake.ts";
import { TOO_MUCH } from "../src/reduction.ts";
import { deliveryReport31 } from "../src/reports31.ts";
import { RequestDesk } from "../src/request-desk.ts";
import { VnLink31 } from "../src/vn-link31.ts";
import { Vtn31Board } from "../src/vtn31-board.ts";
import {
  ACCEPTANCE,
  drRequest,
  NOW_UNIX_MS,
  RecordingBook,
  refusalOf,
  START_UNIX_MS,
  UNIT_MS,
  units,
} from "./bench.ts";
import { clientAt, openVtn31 } from "./bench31.ts";

const POLL_MS = 10_000;

/** A quarter of an hour of an event, at so many kW and EUR/kWh. */
function priced(id: number, powerKw: number, price: number) {
  const payloads = [
    { type: "DISPATCH_SETPOINT_RELATIVE", values: [powerKw] },
    { type: "PRICE", values: [price] },
  ];
  return { id, intervalPeriod: { duration: "PT15M" }, payloads };
}

const REQUEST = drRequest();
const { requestId } = REQUEST;

describe("a request over OpenADR 3.1", () => {
  function open(...requests: Parameters<typeof drRequest>[0][]) {
    const clock = new VirtualClock(NOW_UNIX_MS);
    const { vtn, listen } = openVtn31(clock);
    const board = new Vtn31Board(vtn, { operator: "aggregator", vnIds: ["district", "offices"] });
    listen((report) => board.notice(report));
    const book = new RecordingBook(...requests.map((changes) => drRequest(changes)));
    const desk = new RequestDesk({ book, board, log: silentLog });
    const linkOf = (vnId: string) => new VnLink31({ vnId, pollMs: POLL_MS }, { client: clientAt(vtn, vnId), clock });
    return { vtn, clock, board, book, desk, link: linkOf("district"), linkOf };
  }

  async function published() {
    const opened = open({});
    await opened.desk.tick();
    expect(await opened.link.pollRequests()).toEqual([REQUEST]);
    return opened;
  }

  it("reaches the virtual node as it was placed, and no other", async () => {
    const { linkOf } = await published();
    expect(await linkOf("offices").pollRequests()).toEqual([]);
  });

  it("is a relative setpoint in kW and a price to any other VEN", async () => {
    const { vtn } = await published();
    const [event] = vtn.state.tables.events.values();
    expect(event?.intervals?.map(({ payloads }) => payloads.slice(0, 2))).toEqual([
      [
        { type: "DISPATCH_SETPOINT_RELATIVE", values: [-2] },
        { type: "PRICE", values: [0.4] },
      ],
      [
        { type: "DISPATCH_SETPOINT_RELATIVE", values: [-1.332] },
        { type: "PRICE", values: [0.4] },
      ],
    ]);
  });

  it("is answered once, also when the node says it twice", async () => {
    const { link, desk, book } = await published();
    await link.respond(requestId, ACCEPTANCE);
    await link.respond(requestId, ACCEPTANCE);
    await desk.tick();
    await desk.tick();
    expect(book.responses).toEqual([[requestId, ACCEPTANCE]]);
  });

  it("is refused with the reason", async () => {
    const { link, desk, book } = await published();
    const refusal = { isAccepted: false, nominatedWh: [], acceptanceProofHashHex: "", reason: "nothing to reduce" };
    await link.respond(requestId, refusal);
    await desk.tick();
    expect(book.responses).toEqual([[requestId, refusal]]);
  });

  it("is gone when it is called off, and no answer is taken then", async () => {
    const { link, desk, book, clock, board } = await published();
    book.become("expired");
    await desk.tick();
    expect(board.isPublished(requestId)).toBe(false);
    await clock.advanceTo(clock.nowUnixMs() + POLL_MS);
    expect(await link.pollRequests()).toEqual([]);
    await expect(link.respond(requestId, ACCEPTANCE)).rejects.toMatchObject({ code: "UNKNOWN_REQUEST" });
  });

  it("whose answer the aggregator refuses for good is called off and not published again", async () => {
    const { link, desk, book, board } = await published();
    await link.respond(requestId, { ...ACCEPTANCE, nominatedWh: [] });
    book.refusal = refusalOf("RESPONSE_INVALID");
    await desk.tick();
    await desk.tick();
    expect(board.isPublished(requestId)).toBe(false);
  });

  it("is followed by deliveries, which are there again after a crash of the aggregator", async () => {
    const { link, desk, book, vtn } = await published();
    await link.respond(requestId, ACCEPTANCE);
    await desk.tick();
    const report = { intervalIndex: 1, deliveredWh: 251n, shortfallWh: 49n };
    await link.report(requestId, report);
    await desk.tick();
    await desk.tick();
    expect(book.reports).toEqual([[requestId, report]]);
    const later = new RecordingBook(REQUEST);
    const board = new Vtn31Board(vtn, { operator: "aggregator", vnIds: ["district"] });
    await new RequestDesk({ book: later, board, log: silentLog }).tick();
    expect(later.reports).toEqual([[requestId, report]]);
    await expect(link.report(requestId, { ...report, intervalIndex: 2 })).rejects.toMatchObject({
      code: "REPORT_INVALID",
    });
  });

  it("opens over a report of more energy than is counted, and passes none of it on", async () => {
    const { vtn, desk, book } = await published();
    const [event] = vtn.state.tables.events.values();
    const [interval] = REQUEST.intervals;
    if (event === undefined || interval === undefined) throw new Error("nothing was published");
    const report = deliveryReport31(event.id, "district", { ...interval, deliveredWh: 0n, shortfallWh: 0n });
    for (const { payloads } of report.resources[0]?.intervals ?? []) {
      for (const payload of payloads) Object.assign(payload, { values: [1e308] });
    }
    await clientAt(vtn, "district").create("reports", report);
    await desk.tick();
    await new RequestDesk({
      book,
      board: new Vtn31Board(vtn, { operator: "aggregator", vnIds: ["district"] }),
      log: silentLog,
    }).tick();
    expect(book.reports).toEqual([]);
  });
});

describe("a DSO's event over OpenADR 3.1", () => {
  const PROGRAMME = "urn:example:programme";
  const TERMS = { penaltyMicroPerWh: 600n, penaltyCapPerMille: 1_000, baselineMethod: "tenInTen" } as const;
  const EVENT = { eventId: "story-1", intervals: units(2), requestedWh: [500n, 333n], priceMicroPerWhMax: 500n };

  function open() {
    const clock = new VirtualClock(NOW_UNIX_MS);
    const { vtn } = openVtn31(clock);
    const dso = clientOf({ clientId: "dso", role: "bl" });
    const { id: programID } = vtn.create(dso, "programs", { programName: PROGRAMME });
    const plans: unknown[] = [];
    const planner = {
      planEvent: async (plan: { eventId: string }) => {
        if (plan.eventId === "refused") throw refusalOf("PLAN_INVALID");
        plans.push(plan);
      },
      event: () => ({
        plan: EVENT,
        requests: [
          {
            request: REQUEST,
            state: "contracted",
            reports: [{ intervalIndex: 0, deliveredWh: 400n, shortfallWh: 100n }],
          },
        ],
      }),
    };
    const options = {
      clientName: "aggregator",
      pollMs: POLL_MS,
      programmes: new Map([[PROGRAMME, TERMS]]),
      mtuMs: UNIT_MS,
    };
    const start = () => {
      const feed = new DsoFeed31(options, { client: clientAt(vtn, "aggregator"), clock });
      return new DsoIntake({ feed, planner, log: silentLog });
    };
    const reports = () => [...vtn.state.tables.reports.values()];
    return { vtn, dso, programID, plans, clock, start, reports };
  }

  it("is planned with the programme's terms, answered once over a restart, and reported on in sum", async () => {
    const { vtn, dso, programID, plans, clock, start, reports } = open();
    vtn.create(dso, "events", dsoEventRequest31(EVENT, programID));
    await start().tick();
    expect(plans).toEqual([{ ...EVENT, ...TERMS }]);
    await clock.advanceTo(clock.nowUnixMs() + POLL_MS);
    await start().tick();
    expect(plans).toHaveLength(1);
    expect(reports().map(({ reportName }) => reportName)).toEqual(["answer", "delivery", "delivery"]);
    expect(reports()[1]?.resources[0]?.intervals[0]).toMatchObject({
      intervalPeriod: { start: new Date(START_UNIX_MS).toISOString(), duration: "PT900S" },
      payloads: [
        { type: "DELTA_USAGE", values: [-0.4] },
        { type: "GRIDPACT_SHORTFALL", values: [0.1] },
      ],
    });
  });

  it.each([
    ["of another program", { programID: "other" }, "no programme other here"],
    ["that cannot be planned", { eventName: "refused" }, "PLAN_INVALID"],
    ["without intervals", { intervals: [] }, "the event has no intervals"],
    [
      "that starts at random",
      { intervalPeriod: { start: "2016-01-28T10:00:00Z", duration: "PT15M", randomizeStart: "PT5M" } },
      "a start at random cannot be contracted",
    ],
    ["of two prices", { intervals: [priced(0, -2, 0.4), priced(1, -2, 0.5)] }, "one price for all intervals is needed"],
    ["of more power than is counted", { intervals: [priced(0, -1e308, 0.4)] }, TOO_MUCH],
    ["of more money than is counted", { intervals: [priced(0, -2, 1e308)] }, TOO_MUCH],
  ])("%s is opted out of, with the reason", async (_, changes, reason) => {
    const { vtn, dso, programID, plans, start, reports } = open();
    const other = vtn.create(dso, "programs", { programName: "other" }).id;
    const event = { ...dsoEventRequest31(EVENT, programID), ...changes };
    vtn.create(dso, "events", event.programID === "other" ? { ...event, programID: other } : event);
    await start().tick();
    expect(plans).toEqual([]);
    const [answer] = reports();
    expect(answer?.resources[0]?.intervals[0]?.payloads[0]?.values).toEqual(["optOut", reason]);
  });
});
