import { describe, expect, it } from "vitest";
import { type Client, SCOPES } from "../src/oadr3/clients.ts";
import type { EventRequest, Kind, ReportRequest } from "../src/oadr3/model.ts";
import { Ven3, type Ven3Notification } from "../src/oadr3/ven3.ts";
import { plannedReport, reportDescriptorsOf } from "../src/oadr3/ven3-reports.ts";
import { Vtn3 } from "../src/oadr3/vtn3.ts";
import { SqliteDocumentStore } from "../src/storage/index.ts";
import { HandClock, START, seededRandom } from "./laboratory.ts";

const MINUTE = 60_000;
const bl: Client = { clientId: "bl", role: "bl", scopes: new Set(SCOPES.bl) };
const own: Client = { clientId: "ven", role: "ven", scopes: new Set(SCOPES.ven) };

/** A VTN and one VEN of it, without a network. */
function start(store = new SqliteDocumentStore(":memory:"), clock = new HandClock()) {
  const vtn = new Vtn3({ store: new SqliteDocumentStore(":memory:"), clock, random: seededRandom("vtn") });
  const told: Ven3Notification[] = [];
  const addVen = (seed: string) =>
    new Ven3(
      { venName: "house" },
      {
        client: {
          all: async (kind: Kind, query: object = {}) =>
            vtn.search(own, kind, {
              matches: (object) => Object.entries(query).every(([name, value]) => (object as never)[name] === value),
            }) as never,
          create: async (kind, request) => vtn.create(own, kind, request),
        },
        store,
        clock,
        random: seededRandom(seed),
        meter: { sample: ({ startUnixMs }) => new Date(startUnixMs).getUTCMinutes() },
        onNotification: (notification) => told.push(notification),
      },
    );
  const program = vtn.create(bl, "programs", { programName: "P" });
  const createEvent = (request: Partial<EventRequest> = {}) =>
    vtn.create(bl, "events", { ...priceEvent, programID: program.id, ...request });
  const started = () =>
    told.flatMap((one) => (one.kind === "interval-started" ? [one.interval?.payloads[0]?.values] : []));
  return { vtn, ven: addVen("ven"), addVen, told, clock, createEvent, started, programId: program.id };
}

const payloads = (value: number) => [{ type: "PRICE", values: [value] }];
const priceEvent = {
  intervalPeriod: { start: new Date(START + 10 * MINUTE).toISOString(), duration: "PT10M" },
  intervals: [0, 1, 2].map((id) => ({ id, payloads: payloads(id + 1) })),
};

describe("a 3.1 VEN", () => {
  it("makes its ven object once, and finds it when it starts again", async () => {
    const { vtn, ven, addVen } = start();
    const id = await ven.register();
    expect(await addVen("again").register()).toBe(id);
    expect([...vtn.state.tables.vens.values()]).toHaveLength(1);
  });

  it("follows the intervals of its events in time", async () => {
    const { ven, clock, createEvent, started } = start();
    createEvent();
    await ven.poll();
    expect([ven.current, ven.nextUnixMs()]).toEqual([undefined, START + 10 * MINUTE]);
    for (let step = 0; step < 4; step += 1) {
      clock.advance(10 * MINUTE);
      ven.advance();
    }
    expect(started()).toEqual([[1], [2], [3], undefined]);
    expect(ven.nextUnixMs()).toBe(Number.POSITIVE_INFINITY);
  });

  it("tells what is new, changed and gone, once each", async () => {
    const { vtn, ven, clock, told, createEvent, programId } = start();
    const event = createEvent();
    await ven.poll();
    await ven.poll();
    clock.advance(1);
    vtn.update(bl, "events", event.id, { ...priceEvent, programID: programId, priority: 1 });
    await ven.poll();
    vtn.delete(bl, "events", event.id);
    await ven.poll();
    expect(told.map(({ kind }) => kind)).toEqual(["event-received", "event-changed", "event-cancelled"]);
    expect(ven.events()).toEqual([]);
  });

  it("takes the more urgent of two events, and goes back when it ends", async () => {
    const { ven, clock, createEvent, started } = start();
    createEvent({ priority: 5, intervals: [{ id: 0, payloads: payloads(100) }] });
    createEvent({ intervals: [{ id: 0, payloads: payloads(7) }], intervalPeriod: { duration: "P9999Y" } });
    await ven.poll();
    clock.advance(10 * MINUTE);
    ven.advance();
    clock.advance(10 * MINUTE);
    ven.advance();
    expect(started()).toEqual([[7], [100], [7]]);
  });

  it("keeps its random offset over a restart and a change of something else", async () => {
    const store = new SqliteDocumentStore(":memory:");
    const { vtn, ven, addVen, clock, createEvent, programId } = start(store);
    const intervalPeriod = { ...priceEvent.intervalPeriod, randomizeStart: "PT5M" };
    const event = createEvent({ intervalPeriod });
    await ven.poll();
    const startUnixMs = ven.nextUnixMs();
    expect(startUnixMs).not.toBe(START + 10 * MINUTE);
    clock.advance(1);
    vtn.update(bl, "events", event.id, { ...priceEvent, programID: programId, intervalPeriod, priority: 2 });
    const again = addVen("another seed");
    await again.poll();
    expect(again.nextUnixMs()).toBe(startUnixMs);
  });

  it("reports what an event asks for when it is due, each report once, also after a restart", async () => {
    const { vtn, ven, addVen, clock, createEvent, told } = start();
    createEvent({ reportDescriptors: [{ payloadType: "USAGE", startInterval: 1, numIntervals: 1, repeat: -1 }] });
    await ven.poll();
    for (let step = 0; step < 5; step += 1) {
      clock.advance(10 * MINUTE);
      const present = step === 3 ? addVen("restarted") : ven;
      await present.sendDueReports();
      await present.sendDueReports();
    }
    const reports: ReportRequest[] = [...vtn.state.tables.reports.values()];
    expect(reports.map(({ clientName, resources }) => [clientName, resources[0]?.intervals])).toEqual(
      [10, 20, 30].map((minute, id) => [
        "house",
        [
          {
            id,
            intervalPeriod: { start: new Date(START + minute * MINUTE).toISOString(), duration: "PT600S" },
            payloads: [{ type: "USAGE", values: [minute] }],
          },
        ],
      ]),
    );
    expect(told.filter(({ kind }) => kind === "report-sent")).toHaveLength(3);
  });
});

describe("report descriptors", () => {
  const timeline = [0, 1, 2, 3].map((id) => ({
    eventId: "E",
    intervalId: id,
    startUnixMs: id * MINUTE,
    endUnixMs: (id + 1) * MINUTE,
    payloads: [],
  }));
  const plan = (descriptor: object, sent = 0) => {
    const [full] = reportDescriptorsOf({ reportDescriptors: [{ payloadType: "USAGE", ...descriptor }] } as never);
    const planned = full === undefined ? undefined : plannedReport(full, timeline, sent);
    return planned && [planned.dueUnixMs / MINUTE, planned.intervals.map(({ intervalId }) => intervalId)];
  };

  it.each([
    ["all of it at the end, without more words", {}, 0, [4, [0, 1, 2, 3]]],
    ["once, unless it says more", {}, 1, undefined],
    ["the last two at the end", { numIntervals: 2 }, 0, [4, [2, 3]]],
    ["two by two", { startInterval: 2, numIntervals: 2, repeat: -1 }, 1, [4, [2, 3]]],
    ["no further than the event", { startInterval: 2, numIntervals: 2, repeat: -1 }, 2, undefined],
    ["a forecast of what follows", { startInterval: 1, numIntervals: 2, historical: false }, 0, [1, [1, 2]]],
    ["nothing before the first interval", { startInterval: 0 }, 0, undefined],
    [
      "each interval with the one before it",
      { startInterval: 2, numIntervals: 2, frequency: 1, repeat: 3 },
      1,
      [3, [1, 2]],
    ],
    ["not for ever at one instant", { startInterval: 1, numIntervals: 1, frequency: 0, repeat: -1 }, 1, [2, [1]]],
  ])("ask for %s", (_words, descriptor, sent, expected) => {
    expect(plan(descriptor, sent)).toEqual(expected);
  });
});
