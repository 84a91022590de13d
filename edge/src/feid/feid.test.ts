import { SeededRandom, SimulatedDisk, signingKeyFromSeed, silentLog, VirtualClock } from "@gridpact/host";
import { decode, encode, QUALITY, type Setpoint } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { FakeUplink, FakeVirtualNode } from "../../test/fake-virtual-node.ts";
import { FlexibilityLearner } from "../learning/index.ts";
import { type Meter, MeterError, ReplayMeter } from "../meter/index.ts";
import { PowerSeries } from "../profile/index.ts";
import { Feid } from "./feid.ts";
import type { FeidOptions } from "./feid-parts.ts";
import { IN_FLIGHT_ENVELOPES_MAX } from "./sender.ts";

const START = Date.UTC(2016, 0, 28);
const MINUTE_MS = 60_000;
const QUARTER_MS = 900_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const options: FeidOptions = {
  deviceId: "d-1",
  readingPeriodMs: MINUTE_MS,
  mtuMs: QUARTER_MS,
  reduceWMax: 4_000n,
};
const key = signingKeyFromSeed(new SeededRandom("feid").bytes(32));

function setUp(changes: Partial<FeidOptions> = {}) {
  const random = new SeededRandom("feid");
  const clock = new VirtualClock(START);
  const disk = new SimulatedDisk(random.fork("disk"));
  const node = new FakeVirtualNode(key.publicKey);
  const site = new ReplayMeter(
    {
      load: PowerSeries.constant(6_000n),
      resources: [{ kind: "relay", resourceId: "r", load: PowerSeries.constant(4_000n) }],
    },
    { startUnixMs: START - 30 * DAY_MS, importWh: 0n, exportWh: 0n },
  );
  const failures: unknown[] = [];
  const meter = { current: site as Meter };
  let uplink = new FakeUplink({ clock, random: random.fork("uplink"), node });
  const open = () => {
    uplink = new FakeUplink({ clock, random: random.fork("uplink"), node });
    const openSite = () => ({ meter: { read: (at: number) => meter.current.read(at) }, actuator: site });
    const onFailure = (error: unknown) => failures.push(error);
    return Feid.open({ ...options, ...changes }, { clock, disk, key, uplink, openSite, log: silentLog, onFailure });
  };
  return { clock, disk, node, site, meter, failures, open, uplink: () => uplink };
}

function setpoint(revision: number, importWMax: bigint): Uint8Array {
  const limit = { startUnixMs: BigInt(START), endUnixMs: BigInt(START + DAY_MS), importWMax };
  return encode("Setpoint", { eventId: "e", revision, limits: [limit] } satisfies Setpoint);
}

describe("Feid", () => {
  it("reads at every period and on every boundary, and sends each reading at once", async () => {
    const { clock, node, open } = setUp({ readingPeriodMs: 7 * MINUTE_MS });
    const feid = await open();
    feid.start();
    await clock.advanceTo(START + HOUR_MS);
    const minutes = node.measuredAt().map((at) => (at - START) / MINUTE_MS);
    const first = Math.ceil(START / (7 * MINUTE_MS)) * 7 - START / MINUTE_MS;
    const periods = Array.from({ length: 9 }, (_, index) => first + 7 * index).filter((minute) => minute < 60);
    expect(minutes).toEqual([...new Set([0, 15, 30, 45, ...periods])].sort((a, b) => a - b));
    // The first second had no connection yet; all later readings went alone.
    expect(node.payloads.slice(1).every(({ readings }) => readings.length === 1)).toBe(true);
  });

  it("carries the meter's registers", async () => {
    const { clock, node, open } = setUp();
    const feid = await open();
    feid.start();
    await clock.advanceTo(START + QUARTER_MS + 1_000);
    const last = node.payloads.at(-1)?.readings.at(-1);
    const importWh = 30n * 24n * 6_000n + 1_500n;
    expect(last).toEqual({
      measuredAtUnixMs: BigInt(START + QUARTER_MS),
      powerW: 6_000n,
      importWh,
      exportWh: 0n,
      quality: QUALITY.MEASURED,
    });
  });

  it("states what an event taught it, when the event is over and again with each connection", async () => {
    const { clock, disk, open, uplink } = setUp();
    const learner = await FlexibilityLearner.open(disk, { declaredW: options.reduceWMax, mtuMs: QUARTER_MS });
    const intervals = [{ startUnixMs: START + QUARTER_MS, endUnixMs: START + 2 * QUARTER_MS }];
    await learner.promised({ contractId: "c", intervals, orderedWh: [1_000n], baselineWh: [1_500n] });
    const feid = await open();
    feid.start();
    const stated = () => uplink().published.filter(({ channel }) => channel === "flexibility");
    await clock.advanceTo(START + QUARTER_MS + 1_000);
    expect(stated()).toEqual([]);
    await clock.advanceTo(START + 2 * QUARTER_MS + 1_000);
    const [first] = stated();
    // Nobody limited the site: none of the 1,000 Wh came, so the estimate for midnight is halved.
    expect(first && decode("FlexibilityStatement", first.bytes).deliverableWh[0]).toBe(500n);
    uplink().cut(MINUTE_MS);
    await clock.advanceTo(START + 3 * QUARTER_MS);
    expect(stated().map(({ bytes }) => bytes)).toEqual([first?.bytes, first?.bytes]);
  });

  it("states at each boundary what balancing may count on, if its owner lets it take part", async () => {
    const statements = async (balances: boolean) => {
      const { clock, site, open, uplink } = setUp({ balances });
      const feid = await open();
      feid.start();
      await clock.advanceTo(START + 2 * QUARTER_MS + 1_000);
      expect(site.shiftState().movedWh).toBe(0n);
      const stated = uplink().published.filter(({ channel }) => channel === "balance");
      return stated.map(({ bytes }) => decode("BalanceStatement", bytes));
    };
    expect(await statements(false)).toEqual([]);
    const stated = await statements(true);
    expect(stated.map(({ statedAtUnixMs }) => Number(statedAtUnixMs))).toEqual([
      START + QUARTER_MS,
      START + 2 * QUARTER_MS,
    ]);
    // A relay can only shed, so there is nothing to count on.
    expect(stated[0]).toMatchObject({ storageWMax: 0n, loadW: 0n, opening: START / 1_000 });
    expect(stated[0]?.readyByUnixMs).toBe(stated[0]?.statedAtUnixMs);
  });

  it("keeps everything for hours without uplink and then sends it in order, many readings in an envelope", async () => {
    const { clock, node, open, uplink } = setUp();
    const feid = await open();
    feid.start();
    await clock.advanceTo(START + HOUR_MS);
    const before = node.payloads.length;
    uplink().cut(5 * HOUR_MS);
    await clock.advanceTo(START + 6 * HOUR_MS - 1);
    expect(node.payloads.length).toBe(before);
    expect(feid.stats().readingsUnsigned).toBeGreaterThan(290);
    await clock.advanceTo(START + 7 * HOUR_MS + 1_000);
    expect(node.measuredAt()).toEqual(Array.from({ length: 7 * 60 + 1 }, (_, index) => START + index * MINUTE_MS));
    expect(Math.max(...node.payloads.map(({ readings }) => readings.length))).toBeGreaterThan(290);
    expect(feid.stats()).toMatchObject({ recorded: 421, readingsAcked: 421, readingsUnsigned: 0, envelopesWaiting: 0 });
  });

  it("sends no more at once than its window", async () => {
    const { clock, open, uplink } = setUp();
    const feid = await open();
    await feid.backfill(START - 30 * DAY_MS, START);
    const publish = uplink().publish.bind(uplink());
    let inFlight = 0;
    let most = 0;
    uplink().publish = async (channel, bytes) => {
      most = Math.max(most, ++inFlight);
      await publish(channel, bytes);
      inFlight -= 1;
    };
    feid.start();
    await clock.advanceTo(START + MINUTE_MS + 1_000);
    expect(most).toBe(IN_FLIGHT_ENVELOPES_MAX);
    expect(feid.stats().envelopesWaiting).toBe(0);
  });

  it("goes on after its own kill with the next number, and catches up on the boundaries that it missed", async () => {
    const { clock, disk, node, open, uplink } = setUp();
    const first = await open();
    first.start();
    await clock.advanceTo(START + HOUR_MS + 30_000);
    first.kill();
    disk.crash();
    await uplink().close();
    await clock.advanceTo(START + 2 * HOUR_MS + 30_000);
    const second = await open();
    second.start();
    await clock.advanceTo(START + 3 * HOUR_MS + 1_000);
    const minutes = node.measuredAt().map((at) => (at - START) / MINUTE_MS);
    const alive = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
    expect(minutes).toEqual([...alive(0, 60), 75, 90, 105, ...alive(120, 180)]);
    expect(second.stats().missed).toBe(60 - 4 - 0);
    expect(new Set(node.payloads.map(({ bootEpoch }) => bootEpoch))).toEqual(new Set([1]));
  });

  it("starts a new boot epoch when its spool is lost", async () => {
    const { clock, disk, node, open, uplink } = setUp();
    const first = await open();
    first.start();
    await clock.advanceTo(START + HOUR_MS);
    await first.stop();
    for (const name of await disk.list("spool")) await disk.remove(`spool/${name}`);
    const second = await open();
    await second.backfill(START - 7 * DAY_MS, START);
    expect(second.stats().recorded).toBe(0);
    second.start();
    await clock.advanceTo(START + 2 * HOUR_MS + 1_000);
    await uplink().close();
    expect(new Set(node.payloads.map(({ bootEpoch }) => bootEpoch))).toEqual(new Set([1, 2]));
    expect(node.payloads.find(({ bootEpoch }) => bootEpoch === 2)?.firstSeq).toBe(0n);
  });

  it("back-fills its history a day in each envelope, and after a crash only what is left of it", async () => {
    const { clock, disk, node, open } = setUp();
    const first = await open();
    await first.backfill(START - 7 * DAY_MS, START - 2 * DAY_MS);
    first.kill();
    disk.crash();
    const second = await open();
    await second.backfill(START - 7 * DAY_MS, START);
    second.start();
    await clock.advanceTo(START + MINUTE_MS + 5_000);
    expect(node.payloads.slice(0, 7).map(({ readings }) => readings.length)).toEqual(Array(7).fill(96));
    const history = Array.from({ length: 7 * 96 }, (_, index) => START - 7 * DAY_MS + index * QUARTER_MS);
    expect(node.measuredAt()).toEqual([...history, START, START + MINUTE_MS]);
    await expect(second.backfill(START - 7 * DAY_MS, START)).rejects.toThrow("before the first live reading");
  });

  it("gives up readings inside a market time unit first when its spool fills, and counts them", async () => {
    const { clock, node, open, uplink } = setUp({ spoolBytesMax: 66 * 80 });
    const feid = await open();
    feid.start();
    await clock.advanceTo(START + 5_000);
    uplink().cut(10 * HOUR_MS);
    await clock.advanceTo(START + 4 * HOUR_MS);
    const { spoolBytes, thinned, recorded } = feid.stats();
    expect(spoolBytes).toBeLessThan(66 * 80);
    expect(recorded + thinned).toBe(4 * 60 + 1);
    await clock.advanceTo(START + 11 * HOUR_MS + 1_000);
    const met = new Set(node.measuredAt());
    for (let at = START; at <= START + 4 * HOUR_MS; at += QUARTER_MS) expect(met.has(at)).toBe(true);
    // Full in the end: then nothing is taken, and what was on disk arrives all the same.
    expect(feid.stats().spoolBytes).toBe(0);
    expect(feid.stats().readingsAcked).toBe(feid.stats().recorded);
  });

  it("estimates a boundary that the meter does not answer for, and leaves out other readings", async () => {
    const { clock, node, open, meter, site } = setUp();
    const feid = await open();
    feid.start();
    await clock.advanceTo(START + 10 * MINUTE_MS);
    meter.current = { read: (at) => Promise.reject(new MeterError("METER_NO_ANSWER", at)) };
    await clock.advanceTo(START + 16 * MINUTE_MS);
    meter.current = site;
    await clock.advanceTo(START + 17 * MINUTE_MS + 1_000);
    const readings = node.payloads.flatMap((payload) => payload.readings).slice(-3);
    expect(readings.map(({ measuredAtUnixMs }) => (Number(measuredAtUnixMs) - START) / MINUTE_MS)).toEqual([
      10, 15, 17,
    ]);
    expect(readings.map(({ quality }) => quality)).toEqual([QUALITY.MEASURED, QUALITY.ESTIMATED, QUALITY.MEASURED]);
    expect(readings[1]?.importWh).toBe(readings[0]?.importWh);
    expect(feid.stats()).toMatchObject({ estimated: 1, missed: 5 });
  });

  it("obeys a setpoint, ignores an older one, and still obeys it after a restart", async () => {
    const { clock, disk, open, site, uplink } = setUp();
    const first = await open();
    first.start();
    await clock.advanceTo(START + HOUR_MS);
    await uplink().deliver("setpoint", setpoint(2, 2_500n));
    await uplink().deliver("setpoint", setpoint(1, 6_000n));
    await uplink().deliver("setpoint", Buffer.from("ff", "hex"));
    expect((await site.read(START + HOUR_MS)).powerW).toBe(2_000n);
    expect(first.stats()).toMatchObject({ setpointsAccepted: 1, setpointsRefused: 2 });
    await first.stop();
    disk.crash();
    const resumed: unknown[] = [];
    const openSite = (resume: unknown) => {
      resumed.push(resume);
      return { meter: site, actuator: site };
    };
    await Feid.open(options, {
      clock,
      disk,
      key,
      uplink: uplink(),
      openSite,
      log: silentLog,
      onFailure: () => undefined,
    });
    expect(resumed).toMatchObject([
      { lastReading: { measuredAtUnixMs: BigInt(START + HOUR_MS) }, limits: [{ importWMax: 2_500n }] },
    ]);
  });

  it("answers a sign request, and says why it refuses", async () => {
    const { clock, open, uplink } = setUp();
    const feid = await open();
    feid.start();
    await clock.advanceTo(START + HOUR_MS);
    await uplink().deliver(
      "sign-request",
      encode("SignRequest", { requestId: "r1", stage: 1, message: new Uint8Array(3) }),
    );
    await uplink().deliver("sign-request", Buffer.from("ff", "hex"));
    await clock.advanceTo(START + HOUR_MS + 1_000);
    const answers = uplink().published.filter(({ channel }) => channel === "signature");
    expect(answers.map(({ bytes }) => decode("SignResponse", bytes))).toMatchObject([
      { requestId: "r1", refusal: expect.stringMatching(/^malformed: /) },
    ]);
    expect(feid.stats()).toMatchObject({ signaturesGiven: 0, signaturesRefused: 2 });
  });

  it("stops and says so when its disk fails, and acknowledges nothing that it could not store", async () => {
    const { clock, disk, open, failures, uplink } = setUp();
    const feid = await open();
    feid.start();
    await clock.advanceTo(START + HOUR_MS);
    disk.setFault("ENOSPC");
    await expect(uplink().deliver("setpoint", setpoint(1, 0n))).rejects.toMatchObject({ code: "FEID_STOPPED" });
    expect(failures).toHaveLength(1);
    expect(uplink().isConnected()).toBe(false);
    const { recorded } = feid.stats();
    await clock.advanceTo(START + 2 * HOUR_MS);
    expect(feid.stats().recorded).toBe(recorded);
  });

  it("refuses to open a spool that was damaged", async () => {
    const { clock, disk, open } = setUp();
    const feid = await open();
    feid.start();
    await clock.advanceTo(START + HOUR_MS);
    await feid.stop();
    disk.flipBit("spool/00000000000000000000.log", 400);
    await expect(open()).rejects.toMatchObject({ code: "JOURNAL_DAMAGED" });
  });
});
