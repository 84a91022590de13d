import { type FeidDescription, loadFleet } from "@gridpact/edge";
import { describe, expect, it } from "vitest";
import { MTU_MS } from "../wiring/market.ts";
import { HISTORY_FROM_UNIX_MS, STORY_DAY_UNIX_MS, storyEvent, storyFaults, storyWords } from "./plan-story.ts";

const START_UNIX_MS = STORY_DAY_UNIX_MS + 10 * 3_600_000;
const DAY_MS = 86_400_000;

const fleet = loadFleet();

function planFor(reduceWMax: number) {
  return storyEvent({ eventId: "story-1", startUnixMs: START_UNIX_MS, reduceWMax });
}

function faultsOf(device: FeidDescription | undefined, among = fleet) {
  return storyFaults(device as FeidDescription, { startUnixMs: START_UNIX_MS, fleet: among });
}

describe("the story's days", () => {
  it("have at least ten working days of history before a working day", () => {
    const days = Array.from(
      { length: (STORY_DAY_UNIX_MS - HISTORY_FROM_UNIX_MS) / DAY_MS },
      (_, index) => new Date(HISTORY_FROM_UNIX_MS + index * DAY_MS),
    );
    const isWorkingDay = (day: Date) => day.getUTCDay() % 6 !== 0;
    expect(days.filter(isWorkingDay).length).toBeGreaterThanOrEqual(10);
    expect(isWorkingDay(new Date(STORY_DAY_UNIX_MS))).toBe(true);
  });
});

describe("the story's event", () => {
  it("asks, in each of eight market time units in a row, for three tenths of what could be given", () => {
    const { intervals, requestedWh } = planFor(40_000);
    expect(requestedWh).toEqual(Array.from({ length: 8 }, () => 3_000n));
    expect(intervals[0]?.startUnixMs).toBe(START_UNIX_MS);
    expect(intervals.at(-1)?.endUnixMs).toBe(START_UNIX_MS + 8 * MTU_MS);
    for (const [index, { startUnixMs, endUnixMs }] of intervals.entries()) {
      expect(endUnixMs - startUnixMs).toBe(MTU_MS);
      expect(startUnixMs).toBe(intervals[index - 1]?.endUnixMs ?? START_UNIX_MS);
    }
  });

  it("asks for whole Wh, rounded down, of a power that is a mean and no integer", () => {
    expect(planFor(1_234.4).requestedWh[0]).toBe(92n);
    expect(planFor(13).requestedWh[0]).toBe(0n);
    expect(planFor(14).requestedWh[0]).toBe(1n);
  });

  it("makes falling short dearer than delivering, within the contract's value", () => {
    const { priceMicroPerWhMax, penaltyMicroPerWh, penaltyCapPerMille, baselineMethod } = planFor(40_000);
    expect(penaltyMicroPerWh).toBeGreaterThan(priceMicroPerWhMax);
    expect([penaltyCapPerMille, baselineMethod]).toEqual([1_000, "tenInTen"]);
  });
});

describe("what goes wrong in the story", () => {
  const override = {
    kind: "override",
    fromUnixMs: START_UNIX_MS + 3 * MTU_MS,
    toUnixMs: START_UNIX_MS + 8 * MTU_MS,
  };

  it("is that the district's occupants take over after three units, to the event's end", () => {
    const district = fleet.filter(({ vnId }) => vnId === "district");
    for (const device of district) expect(faultsOf(device)[0]).toEqual(override);
  });

  it("is that one device, which can give most, is stuck after the first unit", () => {
    const stuck = fleet.filter((device) => faultsOf(device).some(({ kind }) => kind === "stuck"));
    expect(stuck).toHaveLength(1);
    expect(faultsOf(stuck[0])).toEqual([override, { kind: "stuck", fromUnixMs: START_UNIX_MS + MTU_MS }]);
    const others = fleet.filter(({ deviceId }) => deviceId !== stuck[0]?.deviceId);
    const next = others.filter((device) => faultsOf(device, others).some(({ kind }) => kind === "stuck"));
    expect(next).toHaveLength(1);
  });

  it("is nothing at the offices, which are the fallback", () => {
    const offices = fleet.filter(({ vnId }) => vnId === "offices");
    expect(offices.length).toBeGreaterThan(0);
    expect(offices.flatMap((device) => faultsOf(device, offices))).toEqual([]);
  });
});

it("tells beforehand what will go wrong", () => {
  expect(storyWords(Date.UTC(2016, 0, 28, 12, 30))).toBe(
    "by the script of this day, district's largest device is stuck from 12:45 on, " +
      "and from 13:15 on its occupants override every order",
  );
});
