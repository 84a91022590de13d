import type { DrEvent, EventPlan, EventResult, PlacedRequest, VirtualNode } from "@gridpact/aggregator";
import type { DsoEvent } from "@gridpact/dr-openadr";
import { VirtualClock } from "@gridpact/host";
import { beforeEach, describe, expect, it } from "vitest";
import type { FleetStatus } from "../parts/fleet-status.ts";
import { playStory, type Story } from "./play-story.ts";
import { Screen } from "./screen.ts";

const MINUTE_MS = 60_000;
const MORNING_UNIX_MS = Date.UTC(2016, 0, 28, 8);

const RUNNING: FleetStatus = {
  devices: 3,
  running: 3,
  failed: [],
  readingsSent: 30,
  readingsAcked: 30,
  envelopesWaiting: 0,
  readingsUnsigned: 0,
};

const ACCEPTANCE = { isAccepted: true, nominatedWh: [500n], acceptanceProofHashHex: "ab".repeat(32), reason: "" };

const RESULT: EventResult = {
  requestedWh: 500n,
  deliveredWh: 400n,
  rearrangedWh: 0n,
  deficientWh: 100n,
  outcome: "partial",
  money: { escrowedMicro: 4n, paidMicro: 3n, penaltyMicro: 1n, returnedMicro: 0n },
};

let clock: VirtualClock;
let lines: string[];
/** The event's starts that devices were started for, and how often they were stopped. */
let starts: number[];
let stops: number;
/** What the devices had counted when they were stopped, for each time; undefined when they had to be killed. */
let ended: (FleetStatus | undefined)[];
/** How long the aggregator takes to say what the district offers. */
let offerAfterMs: number[];
let plans: DsoEvent[];
/** How long the devices take to be ready, for each attempt. */
let readyAfterMs: number[];
let fleet: FleetStatus;
/** What the aggregator says of its nodes and of the event, one after the other; the last goes on. */
let offersW: (number | undefined)[];
let pictures: (DrEvent | undefined)[];

beforeEach(() => {
  clock = new VirtualClock(MORNING_UNIX_MS);
  lines = [];
  starts = [];
  stops = 0;
  ended = [];
  offerAfterMs = [];
  plans = [];
  readyAfterMs = [];
  fleet = RUNNING;
  offersW = [40_000];
  pictures = [eventWith([], RESULT)];
});

function next<T>(queue: T[]): T {
  return (queue.length > 1 ? queue.shift() : queue[0]) as T;
}

const system = {
  startFeids: async (startUnixMs: number | undefined) => {
    starts.push(startUnixMs ?? 0);
    await clock.advanceTo(clock.nowUnixMs() + (readyAfterMs.shift() ?? MINUTE_MS));
  },
  stopFeids: async () => {
    stops += 1;
    return ended.shift();
  },
  fleetStatus: async () => fleet,
  until: async <T>(what: string, look: () => Promise<T | undefined>): Promise<T> => {
    for (let attempt = 0; attempt < 10; attempt++) {
      const found = await look();
      if (found !== undefined) return found;
    }
    throw new Error(`${what} did not come about`);
  },
};

const operator = {
  virtualNodes: async (): Promise<VirtualNode[]> => {
    await clock.advanceTo(clock.nowUnixMs() + (offerAfterMs.shift() ?? 0));
    return [nodeWith("offices", 99_000), nodeWith("district", next(offersW))];
  },
  event: async () => next(pictures),
};

function nodeWith(vnId: string, reduceWMax: number | undefined): VirtualNode {
  const profile = { vnId, feidCount: 3, importW: 0, reduceWMax: reduceWMax ?? 0, reboundPerMille: 500 };
  return {
    vnId,
    mspId: "VnMSP",
    isOnLedger: true,
    priceMicroPerWh: 400n,
    importWMax: null,
    enrolledAtUnixMs: 0,
    heartbeat: reduceWMax === undefined ? null : { atUnixMs: 0, profile },
    reliabilityPerMille: 1_000,
    outcomes: [],
  };
}

function eventWith(requests: PlacedRequest[], result: EventResult | null = null): DrEvent {
  const plan = { eventId: "story-1" } as EventPlan;
  const recommendation = { recommended: "cost" as const, reasons: [], evaluations: [] };
  return { plan, plannedAtUnixMs: 0, recommendation, ranking: [], requests, result };
}

function request(changes: Partial<PlacedRequest> = {}): PlacedRequest {
  const startUnixMs = Date.UTC(2016, 0, 28, 10);
  const intervals = [{ startUnixMs, endUnixMs: startUnixMs + 15 * MINUTE_MS }];
  return {
    request: { vnId: "district", intervals, orderedWh: [500n] } as unknown as PlacedRequest["request"],
    role: "primary",
    reason: "",
    state: "open",
    response: null,
    reports: [],
    ...changes,
  };
}

function play(serverStartMs = 0): Promise<Story> {
  const screen = new Screen(
    (text) => lines.push(text.slice("  01-28 08:00  ".length).trimEnd()),
    clock.nowUnixMs.bind(clock),
  );
  const publish = async (event: DsoEvent) => {
    plans.push(event);
  };
  return playStory("story-1", {
    serverStartMs,
    speed: 300,
    system,
    clock,
    screen,
    operator: async () => operator,
    publish,
  });
}

function timesOf(instants: readonly number[]): string[] {
  return instants.map((unixMs) => new Date(unixMs).toISOString().slice(8, 16));
}

describe("the time of the story's event", () => {
  it("is the first market time unit that leaves the devices 105 minutes", async () => {
    await play();
    expect(timesOf(starts)).toEqual(["28T09:45"]);
    expect(plans[0]?.intervals[0]?.startUnixMs).toBe(starts[0]);
    expect(stops).toBe(0);
  });

  it("is later when the servers' start has shown that the machine is slow", async () => {
    await play(60 * MINUTE_MS);
    expect(timesOf(starts)).toEqual(["28T11:00"]);
  });

  it("stands when the devices are ready 60 minutes and a millisecond before it", async () => {
    readyAfterMs = [45 * MINUTE_MS - 1];
    await play();
    expect(timesOf(starts)).toEqual(["28T09:45"]);
  });

  it("is put off, with twice the time, when the devices are ready a millisecond later; they start again", async () => {
    readyAfterMs = [45 * MINUTE_MS];
    await play();
    expect(timesOf(starts)).toEqual(["28T09:45", "28T12:15"]);
    expect(stops).toBe(1);
    expect(plans.map(({ intervals }) => intervals[0]?.startUnixMs)).toEqual([starts[1]]);
    expect(lines).toContain("that took too long for the planned event; the devices start again for a later one");
  });

  it("is put off as well when the ledger learns of the devices too late for a node to answer in time", async () => {
    offerAfterMs = [44 * MINUTE_MS];
    await play();
    expect(timesOf(starts)).toEqual(["28T09:45", "28T12:15"]);
    expect([stops, plans.length]).toEqual([1, 1]);
  });

  it("leaves a machine that was late twice the time for answers, too", async () => {
    readyAfterMs = [45 * MINUTE_MS, 91 * MINUTE_MS];
    await play();
    expect(timesOf(starts)).toEqual(["28T09:45", "28T12:15", "28T17:30"]);
  });

  it("is given up after four attempts, with advice, and no event is planned", async () => {
    readyAfterMs = [1, 2, 4, 8].map((hours) => hours * 2 * 60 * MINUTE_MS);
    await expect(play()).rejects.toMatchObject({ code: "STORY_LATE", message: expect.stringContaining("--speed 60") });
    expect([starts.length, stops, plans.length]).toEqual([4, 4, 0]);
  });
});

describe("devices that were started again", () => {
  const stopped = (readingsAcked: number): FleetStatus => ({ ...RUNNING, readingsAcked });

  it("are counted with what was acknowledged before", async () => {
    readyAfterMs = [45 * MINUTE_MS, 91 * MINUTE_MS];
    ended = [stopped(30), stopped(12)];
    expect((await play()).restarts).toEqual({ count: 2, readingsAckedBefore: 42 });
  });

  it("are known not to be known when they were killed once, whatever they say later", async () => {
    readyAfterMs = [45 * MINUTE_MS, 91 * MINUTE_MS];
    ended = [undefined, stopped(12)];
    expect((await play()).restarts).toEqual({ count: 2, readingsAckedBefore: null });
  });

  it("are none when all was in time, over days as well", async () => {
    expect((await play()).restarts).toEqual({ count: 0, readingsAckedBefore: 0 });
    expect((await play()).restarts).toEqual({ count: 0, readingsAckedBefore: 0 });
  });
});

describe("the story waits", () => {
  it("until all devices run and at most one envelope each but one is under way", async () => {
    fleet = { ...RUNNING, running: 2 };
    await expect(play()).rejects.toThrow("the back-filled history");
    fleet = { ...RUNNING, envelopesWaiting: 3 };
    await expect(play()).rejects.toThrow("the back-filled history");
    fleet = { ...RUNNING, envelopesWaiting: 2 };
    await play();
    expect(lines).toContain("3 FEIDs run; 30 readings verified, durable and acknowledged");
  });

  it("no longer once a device has failed, and says which", async () => {
    fleet = { ...RUNNING, failed: ["d-1: token refused", "d-2: disk full"] };
    const message = "devices failed: d-1: token refused; d-2: disk full";
    await expect(play()).rejects.toMatchObject({ code: "PROCESS_ENDED", message });
    expect(plans).toEqual([]);
  });

  it("for an offer of the district, not that of another node, nor one of nothing", async () => {
    offersW = [undefined, 0, 40_000];
    await play();
    expect(plans[0]?.requestedWh[0]).toBe(3_000n);
    expect(lines).toContain("district could reduce 40 kW now");
    expect(lines).toContain("DSO publishes an OpenADR event: 24.0 kWh less from 09:45");
  });
});

describe("what happens to the event", () => {
  const report = { intervalIndex: 0, deliveredWh: 400n, shortfallWh: 100n };

  function told(): string[] {
    return lines.slice(lines.findIndex((line) => line.startsWith("aggregator takes it on")) + 1);
  }

  it("is told once, in the order in which it comes about, until there is a result", async () => {
    const contracted = request({ state: "contracted", response: ACCEPTANCE });
    const completed = { ...contracted, state: "completed" as const, reports: [report] };
    pictures = [
      undefined,
      eventWith([]),
      eventWith([request()]),
      eventWith([request()]),
      eventWith([request({ state: "accepted", response: ACCEPTANCE })]),
      eventWith([contracted]),
      eventWith([{ ...contracted, reports: [report] }]),
      eventWith([completed]),
      eventWith([completed], RESULT),
    ];
    expect((await play()).event.result).toBe(RESULT);
    expect(told()).toEqual([
      "district: asked for 0.5 kWh (primary)",
      "district: accepts; baselines and plan go on the ledger",
      "district: SC1 is set up, money is locked",
      "district: 10:00 delivered 0.4 kWh, 0.1 kWh short",
      "district: settled and paid",
    ]);
  });

  it("is told of each node, though the words be the same", async () => {
    const offices = request();
    offices.request = { ...offices.request, vnId: "offices" };
    pictures = [eventWith([request(), { ...offices, role: "fallback" }], RESULT)];
    await play();
    expect(told()).toEqual(["district: asked for 0.5 kWh (primary)", "offices: asked for 0.5 kWh (fallback)"]);
  });

  it("names the contract that a fallback node was called in for", async () => {
    const offices = request({ state: "contracted", response: ACCEPTANCE, inPlaceOf: "story-1.district" });
    pictures = [eventWith([offices], RESULT)];
    await play();
    expect(told().at(-1)).toBe("district: SC1 is made by calling the fallback of story-1.district, money is locked");
  });

  it("may be a refusal, with its reason", async () => {
    const response = { isAccepted: false, nominatedWh: [], acceptanceProofHashHex: "", reason: "nothing to reduce" };
    pictures = [eventWith([request({ state: "refused", response })], RESULT)];
    await play();
    expect(told()).toEqual(["district: asked for 0.5 kWh (primary)", "district: refuses (nothing to reduce)"]);
  });

  it("may be a report that nothing is short in, and one of more use than the baseline", async () => {
    const more = { intervalIndex: 0, deliveredWh: -150n, shortfallWh: 500n };
    const requests = [{ ...report, shortfallWh: 0n }, more].map((each) =>
      request({ state: "contracted", response: ACCEPTANCE, reports: [each] }),
    );
    pictures = [eventWith(requests, RESULT)];
    await play();
    expect(told()).toContain("district: 10:00 delivered 0.4 kWh");
    expect(told()).toContain("district: 10:00 delivered -0.1 kWh, 0.5 kWh short");
  });
});
