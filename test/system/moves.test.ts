import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { issueEnrolmentToken } from "@gridpact/broker";
import { acceleratedClock, nodeDisk, systemRandom } from "@gridpact/host";
import { openTwinEngine } from "@gridpact/native";
import { decode, isRejected } from "@gridpact/proto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FeidProcessOptions, FeidProcessStatus } from "./feid-process.ts";
import { type Announced, gridpact, Processes } from "./gridpact-process.ts";

const MTU_MS = 900_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** As fast as the demonstration plays its day, which has ten working days of history before it. */
const SPEED = "300";
const HISTORY_FROM_UNIX_MS = Date.UTC(2016, 0, 13);

const NODES = ["district", "offices"] as const;
type VnId = (typeof NODES)[number];

/** Some devices of each node. They stand at one substation here: members change places within a feeder only. */
const FEEDER = "feeder-shared";
const DEVICE_IDS: Record<VnId, string[]> = {
  district: ["d-home-h01", "d-ld33-commercial", "d-ld42-heat-pump", "d-ld43-ev"],
  offices: ["o-zone-1", "o-zone-2", "o-zone-3"],
};

/** Time to ask, nominate and sign, all by the machine's clock, on a machine that has other work as well. */
const EVENT_LEAD_MS = 3 * HOUR_MS;
const EVENT_UNITS = 2;

/** Why a device stays: it serves the event, or may still be called by it. */
const WAITS_FOR_EVENT = /^(?:contract before:\S+ is in force|event before may still call it)$/;

/** Records read from a log at once. */
const PAGE_RECORDS = 1_024;

/** Two events, and perhaps six hours of the market between two plans of clusters, of which each hour is 12 s. */
const TEST_MS = 1_500_000;

type Move = { moveId: string; deviceId: string; fromVnId: VnId; toVnId: VnId; state: string; reason: string };
type Overview = { moves: Move[] };
type DrEvent = { requests: { state: string }[]; result: { outcome: string } | null };
type Node = { vnId: string; heartbeat: { profile: { feidCount: number; reduceWMax: number } } | null };
type Verdict = { ok: boolean; subject: { eventId: string; deviceId: string }; money: { paidMicro: string } };

/** Both nodes, aggregator, ledger and devices as processes, on one data directory. */
class Site {
  readonly folder = mkdtempSync(join(tmpdir(), "gridpact-moves-"));
  readonly data = join(this.folder, "site");
  readonly processes = new Processes(this.data);
  #api = "";
  #askFeids: () => Promise<FeidProcessStatus> = () => Promise.reject(new Error("no devices yet"));

  async start(): Promise<void> {
    succeed("init", "--play-day", SPEED, "--data", this.data);
    this.#rememberEvents();
    const { processes } = this;
    await processes.startPart("ledger", ["ledger"]);
    // The witness of time: without it a contract with a missing reading is never settled.
    await processes.startPart("dso", ["dso"]);
    const { ports } = await processes.startPart("aggregator", ["aggregator", "--operator-port", "0"]);
    this.#api = `http://127.0.0.1:${ports["operator"]}/api/v1`;
    const announced = new Map<VnId, Announced>();
    for (const vnId of NODES) announced.set(vnId, await processes.startPart(`vn-${vnId}`, ["vn", vnId]));
    succeed("open-accounts", "--data", this.data);
    await this.#startFeids(announced);
  }

  /** What the aggregator knows of earlier days: members of a node missed the same events, so a plan parts them. */
  #rememberEvents(): void {
    mkdirSync(join(this.data, "aggregator", "cluster-members"), { recursive: true });
    for (const [remainder, vnId] of NODES.entries()) {
      const events = Array.from({ length: 12 }, (_, event) => ({
        eventId: `earlier-${event}`,
        startUnixMs: HISTORY_FROM_UNIX_MS + event * DAY_MS,
        promisedWh: 1_000,
        deliveredWh: event % 2 === remainder ? 0 : 1_000,
      }));
      const shape = { feeder: FEEDER, contractType: "reduction", capacityW: 1_000, wattPerKelvin: null, events };
      const members = DEVICE_IDS[vnId].map((prosumerId) => {
        return { prosumerId, ...shape, dayW: new Array<number>(48).fill(500), memberSinceUnixMs: 0 };
      });
      const path = join(this.data, "aggregator", "cluster-members", `${vnId}.json`);
      writeFileSync(path, JSON.stringify({ vnId, members }));
    }
  }

  async #startFeids(announced: ReadonlyMap<VnId, Announced>): Promise<void> {
    const hosts: FeidProcessOptions["hosts"] = [];
    for (const [vnId, { host, ports }] of announced) {
      const disk = nodeDisk(join(this.data, `vn-${vnId}`));
      const devices: { deviceId: string; token: string }[] = [];
      for (const deviceId of DEVICE_IDS[vnId]) {
        const token = await issueEnrolmentToken({ deviceId, feeder: FEEDER }, { disk, random: systemRandom });
        devices.push({ deviceId, token });
      }
      hosts.push({ enrolmentUrl: `https://${host}:${ports["enrolment"]}/enrol`, mqttHost: host, devices });
    }
    const options: FeidProcessOptions = {
      clock: this.#clock(),
      directory: join(this.data, "feids"),
      caPem: this.#authorityPem(),
      historyFromUnixMs: HISTORY_FROM_UNIX_MS,
      readingPeriodMs: MTU_MS,
      mtuMs: MTU_MS,
      hosts,
    };
    const entry = fileURLToPath(new URL("./feid-process.ts", import.meta.url));
    const child = this.processes.start("feids", [entry, JSON.stringify(options)]);
    this.#askFeids = () =>
      new Promise((resolve) => {
        child.once("message", (status: FeidProcessStatus) => resolve(status));
        child.send("status");
      });
  }

  #authorityPem(): string {
    const trust = JSON.parse(readFileSync(join(this.data, "consortium", "trust.json"), "utf8")) as {
      organisations: { mspId: string; authorityPem: string }[];
    };
    return trust.organisations.find(({ mspId }) => mspId === "VnMSP")?.authorityPem ?? "";
  }

  async get<T>(path: string): Promise<T> {
    return (await (await fetch(`${this.#api}${path}`)).json()) as T;
  }

  /** Waits until every device runs, and is on the ledger at one of the nodes. */
  async untilEnrolled(): Promise<void> {
    const wanted = NODES.reduce((sum, vnId) => sum + DEVICE_IDS[vnId].length, 0);
    await this.processes.until("all devices on the ledger", async () => {
      const { running, failed } = await this.#askFeids();
      if (failed.length > 0) throw new Error(`devices failed: ${failed.join("; ")}`);
      const { items } = await this.get<{ items: Node[] }>("/virtual-nodes");
      const known = items.reduce((sum, { heartbeat }) => sum + (heartbeat?.profile.feidCount ?? 0), 0);
      return running === wanted && known === wanted ? true : undefined;
    });
  }

  /** Plans an event of all that both nodes offer, as the operator would, and waits until its contracts are in force. */
  async planEvent(eventId: string, baselineMethod: string): Promise<void> {
    const offeredW = await this.processes.until("both nodes' offers", async () => {
      const { items } = await this.get<{ items: Node[] }>("/virtual-nodes");
      const offers = items.map(({ heartbeat }) => heartbeat?.profile.reduceWMax ?? 0);
      return offers.every((offer) => offer > 0) ? offers.reduce((sum, offer) => sum + offer, 0) : undefined;
    });
    const startUnixMs = Math.ceil((this.nowUnixMs() + EVENT_LEAD_MS) / MTU_MS) * MTU_MS;
    const starts = Array.from({ length: EVENT_UNITS }, (_, unit) => startUnixMs + unit * MTU_MS);
    const requestedWh = String(Math.floor((offeredW * MTU_MS) / HOUR_MS));
    const plan = {
      intervals: starts.map((start) => ({ startUnixMs: start, endUnixMs: start + MTU_MS })),
      requestedWh: starts.map(() => requestedWh),
      priceMicroPerWhMax: "500",
      penaltyMicroPerWh: "600",
      penaltyCapPerMille: 1_000,
      baselineMethod,
    };
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${this.#api}/events/${eventId}`, {
      method: "PUT",
      headers,
      body: JSON.stringify(plan),
    });
    expect([answer.status, await answer.text()]).toEqual([201, expect.any(String)]);
    await this.processes.until(`contracts of ${eventId}`, async () => {
      const { requests } = await this.get<DrEvent>(`/events/${eventId}`);
      return requests.some(({ state }) => state === "contracted") ? true : undefined;
    });
  }

  async untilPaid(eventId: string): Promise<void> {
    await this.processes.until(`the end of ${eventId}`, async () => {
      const { result } = await this.get<DrEvent>(`/events/${eventId}`);
      return result ?? undefined;
    });
  }

  /** Waits until the moves are as wanted, and gives them. */
  untilMoves(what: string, isReached: (moves: Move[]) => boolean): Promise<Move[]> {
    return this.processes.until(what, async () => {
      const { moves } = await this.get<Overview>("/clusters");
      return isReached(moves) ? moves : undefined;
    });
  }

  nowUnixMs(): number {
    return acceleratedClock(this.#clock()).nowUnixMs();
  }

  /** The three numbers that all parts of the run go by. */
  #clock(): FeidProcessOptions["clock"] {
    return JSON.parse(readFileSync(join(this.data, "clock.json"), "utf8")) as FeidProcessOptions["clock"];
  }

  /** Waits until the market's clock is past an instant. */
  async untilTime(unixMs: number): Promise<void> {
    await this.processes.until("the market's time", async () => (this.nowUnixMs() >= unixMs ? true : undefined));
  }

  /** Receipts of a node about a device, as files. */
  receiptsOf(vnId: VnId, eventId: string, deviceId: string): string[] {
    const directory = join(this.data, `vn-${vnId}`, "agent", "receipts");
    return readdirSync(directory)
      .filter((name) => name.startsWith(`${eventId}.${deviceId}`))
      .map((name) => join(directory, name));
  }

  /** Instants of market time units of which a node has accepted a reading of a device, in the order of its log. */
  async boundaries(vnId: VnId, deviceId: string): Promise<number[]> {
    const disk = nodeDisk(join(this.data, `vn-${vnId}`));
    const engine = await openTwinEngine({ disk, directory: "wal", mtuMs: MTU_MS });
    const found: number[] = [];
    let next = 0n;
    for (let page = await engine.readLog(next, PAGE_RECORDS); page.length > 0; ) {
      for (const { bytes } of page.filter(({ verdict }) => !isRejected(verdict))) {
        const payload = decode("EnvelopePayload", decode("SignedEnvelope", bytes).payload);
        const times = payload.readings.map(({ measuredAtUnixMs }) => Number(measuredAtUnixMs));
        if (payload.deviceId === deviceId) found.push(...times.filter((unixMs) => unixMs % MTU_MS === 0));
      }
      next += BigInt(page.length);
      page = await engine.readLog(next, PAGE_RECORDS);
    }
    await engine.close();
    return found;
  }
}

/** A command that is to do what it says. */
function succeed(...args: string[]): void {
  const { status, errors } = gridpact(...args);
  expect([status, errors], args.join(" ")).toEqual([0, expect.any(String)]);
}

describe("a device that moves between two running nodes", { timeout: TEST_MS }, () => {
  let site: Site;
  let moves: Move[] = [];

  beforeAll(async () => {
    site = new Site();
    await site.start();
    await site.untilEnrolled();
  }, TEST_MS);

  afterAll(async () => {
    await site.processes.stop();
    rmSync(site.folder, { recursive: true });
  }, TEST_MS);

  it("waits for the contracts at its first node, and its move may be cancelled until then", async () => {
    await site.planEvent("before", "tenInTen");
    await site.untilMoves("a plan with moves", (all) => all.some(({ state }) => state === "proposed"));
    succeed("clusters", "apply", "--all", "--data", site.data);
    const waiting = await site.untilMoves("nodes that wait", (all) =>
      all.every(({ state, reason }) => state === "proposed" || (state === "underWay" && WAITS_FOR_EVENT.test(reason))),
    );
    const { moveId } = waiting.filter(({ state }) => state === "underWay").at(-1) as Move;
    succeed("clusters", "cancel", moveId, "--data", site.data);
    const wanted = { state: "cancelled", reason: "the operator cancelled it" };
    const isCancelled = (move: Move) => move.moveId === moveId && move.state === "cancelled";
    const all = await site.untilMoves("the cancelled move", (found) => found.some(isCancelled));
    expect(all.find((move) => move.moveId === moveId)).toMatchObject(wanted);
    await site.untilPaid("before");
  });

  it("goes to the other one when its contracts are paid, and is there on the ledger", async () => {
    const isOver = ({ state }: Move) => ["proposed", "done", "refused", "cancelled"].includes(state);
    const all = await site.untilMoves("the moves' end", (found) => found.every(isOver));
    const carriedOut = all.filter(({ state }) => state !== "proposed" && state !== "cancelled");
    expect(carriedOut.length).toBeGreaterThan(0);
    expect(carriedOut.map(({ state, reason }) => [state, reason])).toEqual(carriedOut.map(() => ["done", ""]));
    moves = carriedOut;
  });

  it("is paid for an event at its second node, by what it meters there", async () => {
    // The baseline is the hour before the plan, metered at the node that settles by it.
    await site.untilTime(site.nowUnixMs() + HOUR_MS + 2 * MTU_MS);
    await site.planEvent("after", "meterBefore");
    await site.untilPaid("after");
    const { moveId } = moves[0] as Move;
    const late = gridpact("clusters", "cancel", moveId, "--data", site.data);
    expect(late).toMatchObject({ status: 1, errors: expect.stringContaining("MOVE_TOO_LATE") });
    await site.processes.stop();
  });

  it("has receipts from before and after that both prove themselves, and everything passes the audit", async () => {
    const proven = (eventId: string, node: "fromVnId" | "toVnId") =>
      moves.flatMap((move) => {
        const paths = site.receiptsOf(move[node], eventId, move.deviceId);
        return paths.map((path) => ({ ...move, path }));
      });
    const before = proven("before", "fromVnId");
    const after = proven("after", "toVnId");
    const both = before.filter(({ deviceId }) => after.some((each) => each.deviceId === deviceId));
    expect(both.length).toBeGreaterThan(0);
    for (const { path } of [...before, ...after]) {
      const { status, output } = gridpact("verify", path, "--json", "--data", site.data);
      const { receipts } = JSON.parse(output) as { receipts: Verdict[] };
      expect([status, receipts.map(({ ok }) => ok)]).toEqual([0, [true]]);
    }
    const audit = gridpact("audit", "--data", site.data, "--json");
    expect(audit.status, audit.output.slice(0, 2_000)).toBe(0);
  });

  it("has every boundary's reading in one of the two logs, once, and the later ones at the second node", async () => {
    for (const { deviceId, fromVnId, toVnId } of moves) {
      const [first, second] = [await site.boundaries(fromVnId, deviceId), await site.boundaries(toVnId, deviceId)];
      expect(Math.min(...first), deviceId).toBe(HISTORY_FROM_UNIX_MS);
      expect(Math.max(...second), deviceId).toBeGreaterThan(Math.max(...first));
      // An envelope whose acknowledgement was lost on the way stands in both logs; each reading still is one.
      const all = [...new Set([...first, ...second])].sort((left, right) => left - right);
      const expected = all.map((_, index) => HISTORY_FROM_UNIX_MS + index * MTU_MS);
      expect(all, deviceId).toEqual(expected);
      for (const log of [first, second]) expect(new Set(log).size, deviceId).toBe(log.length);
    }
  });
});
