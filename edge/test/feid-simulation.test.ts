import type { AppendFile, Disk } from "@gridpact/host";
import { SeededRandom, SimulatedDisk, signingKeyFromSeed, silentLog, VirtualClock } from "@gridpact/host";
import { encode, type Reading } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { Feid, loadFleet, ReplayMeter, replaySite } from "../src/index.ts";
import { FakeUplink, FakeVirtualNode } from "./fake-virtual-node.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const QUARTER_MS = 900_000;
const MINUTE_MS = 60_000;
const HISTORY_START = Date.UTC(2016, 0, 26);
const START = Date.UTC(2016, 0, 28);
const END = START + DAY_MS;

/** Chance of dying in any one write, sync or replacement: some ten deaths in a day of readings. */
const DEATH_PER_MILLE = 4;

const fleet = loadFleet();

type Run = { digestHex: string; measuredAt: number[]; readings: Reading[]; deaths: number; duplicates: number };

/** Plays two days of history and a live day of one device, with random cuts of the uplink and deaths in disk writes. */
async function play(seed: number, options: { isPlantSurviving: boolean }): Promise<Run> {
  const random = new SeededRandom(`feid-${seed}`);
  const description = fleet[random.below(fleet.length)];
  if (description === undefined) throw new RangeError("empty fleet");
  const clock = new VirtualClock(START);
  const disk = new SimulatedDisk(random.fork("disk"));
  const key = signingKeyFromSeed(random.bytes(32));
  const node = new FakeVirtualNode(key.publicKey);
  const life = random.fork("life");
  const start = { startUnixMs: HISTORY_START, importWh: 1_000n, exportWh: 0n };
  const plant = new ReplayMeter(description, start);
  const openSite = options.isPlantSurviving
    ? () => ({ meter: plant, actuator: plant })
    : replaySite(description, start);
  let deaths = 0;
  let feid: Feid | undefined;
  let uplink: FakeUplink | undefined;
  const die = () => {
    if (clock.nowUnixMs() >= END || !life.chance(DEATH_PER_MILLE)) return false;
    deaths += 1;
    feid?.kill();
    disk.crash();
    void uplink?.close();
    clock.after(life.below(2 * HOUR_MS), () => void live());
    return true;
  };
  const live = async () => {
    uplink = new FakeUplink({ clock, random: random.fork(`uplink-${deaths}`), node }, { cutPerMille: 5 });
    const mortalDisk = dying(disk, die);
    const lives = deaths;
    try {
      feid = await Feid.open(
        { deviceId: description.deviceId, readingPeriodMs: MINUTE_MS, mtuMs: QUARTER_MS, reduceWMax: 1_000n },
        { clock, disk: mortalDisk, key, uplink, openSite, log: silentLog, onFailure: () => undefined },
      );
      await feid.backfill(HISTORY_START, START);
      if (lives === deaths) feid.start();
    } catch (error) {
      if (lives === deaths) throw error; // Whoever died has failed, too; nobody else may.
    }
  };
  const limits = [
    { startUnixMs: BigInt(START + 17 * HOUR_MS), endUnixMs: BigInt(START + 19 * HOUR_MS), importWMax: 200n },
  ];
  clock.after(10 * HOUR_MS, () => {
    uplink?.deliver("setpoint", encode("Setpoint", { eventId: "e", revision: 1, limits })).catch(() => undefined);
  });
  await live();
  await clock.advanceTo(END);
  // Then nobody dies any more and nothing is cut: all that was kept must arrive.
  for (let hour = 1; hour <= 8; hour++) {
    if (uplink !== undefined) uplink.cutPerMille = 0;
    await clock.advanceTo(END + hour * HOUR_MS);
  }
  const readings = node.payloads.flatMap((payload) => payload.readings);
  return { digestHex: node.digestHex(), measuredAt: node.measuredAt(), readings, deaths, duplicates: node.duplicates };
}

/** A disk on which any write may be the last: it happens in part or not at all, and then the process is gone. */
function dying(disk: SimulatedDisk, die: () => boolean): Disk {
  const mortal = <T>(task: () => Promise<T>): Promise<T> => {
    if (!die()) return task();
    return Promise.reject(new Error("the process died"));
  };
  const file = (inner: AppendFile): AppendFile => ({
    ...inner,
    append: (bytes) => mortal(() => inner.append(bytes)),
    sync: () => mortal(() => inner.sync()),
  });
  return {
    openAppend: async (path) => file(await disk.openAppend(path)),
    read: (path) => disk.read(path),
    replace: (path, bytes) => mortal(() => disk.replace(path, bytes)),
    list: (directory) => disk.list(directory),
    remove: (path) => disk.remove(path),
  };
}

const seeds = Array.from({ length: 16 }, (_, index) => index + 1);

describe("a device under kills and cuts", () => {
  // FakeVirtualNode itself fails on any gap, fork, bad signature, equivocation or resend beyond the replay window.
  it.each(seeds)("loses no boundary and breaks no chain (seed %i)", async (seed) => {
    const { measuredAt, readings } = await play(seed, { isPlantSurviving: seed % 2 === 0 });
    const met = new Set(measuredAt);
    for (let at = HISTORY_START; at <= END; at += QUARTER_MS) expect(met.has(at), `boundary ${at}`).toBe(true);
    for (const [index, reading] of readings.entries()) {
      expect(reading.importWh).toBeGreaterThanOrEqual(readings[index - 1]?.importWh ?? 0n);
      expect(reading.exportWh).toBeGreaterThanOrEqual(readings[index - 1]?.exportWh ?? 0n);
    }
  });

  it("is really killed and really sends twice", async () => {
    const runs = await Promise.all(seeds.slice(0, 5).map((seed) => play(seed, { isPlantSurviving: true })));
    expect(runs.reduce((sum, { deaths }) => sum + deaths, 0)).toBeGreaterThan(10);
    expect(runs.reduce((sum, { duplicates }) => sum + duplicates, 0)).toBeGreaterThan(0);
  });

  it.each([1, 2])("gives the same bytes for the same seed (seed %i)", async (seed) => {
    const first = await play(seed, { isPlantSurviving: false });
    expect(await play(seed, { isPlantSurviving: false })).toEqual(first);
    expect((await play(seed + 100, { isPlantSurviving: false })).digestHex).not.toBe(first.digestHex);
  });
});
