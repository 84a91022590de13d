import { EVENT_INTERVALS_MAX } from "@gridpact/settlement";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../flexibility-error.ts";
import type { Candidate } from "./candidate.ts";
import { type Selection, type SelectionRequest, selectDevices } from "./select-devices.ts";

function candidate(deviceId: string, overrides: Partial<Candidate> = {}): Candidate {
  const flexibilityWhMax = [100n, 100n];
  return {
    deviceId,
    busId: `bus of ${deviceId}`,
    feederId: "F1",
    flexibilityWhMax,
    costMicroPerWh: 10n,
    reliability: 1,
    ...overrides,
  };
}

const cheap = candidate("cheap", { costMicroPerWh: 1n });
const middle = candidate("middle", { costMicroPerWh: 5n, feederId: "F2" });
const dear = candidate("dear", { costMicroPerWh: 9n });

function select(orderedWh: bigint[], overrides: Partial<SelectionRequest> = {}): Selection {
  return selectDevices({ candidates: [dear, cheap, middle], orderedWh, ...overrides });
}

const ordersOf = ({ orders }: Selection) => Object.fromEntries(orders.map((each) => [each.deviceId, each.orderedWh]));

describe("selectDevices", () => {
  it("covers the request exactly with the cheapest devices", () => {
    const selection = select([150n, 50n]);
    expect(ordersOf(selection)).toEqual({ cheap: [100n, 50n], middle: [50n, 0n] });
    expect(selection).toMatchObject({ shortfallWh: [0n, 0n], marginWh: [0n, 0n], costMicro: 400n });
  });

  it("says what no device can serve", () => {
    const selection = select([350n, 300n]);
    expect(ordersOf(selection)).toEqual({ cheap: [100n, 100n], dear: [100n, 100n], middle: [100n, 100n] });
    expect(selection.shortfallWh).toEqual([50n, 0n]);
  });

  it("asks nobody for nothing", () => {
    expect(select([0n, 0n])).toEqual({ orders: [], marginWh: [0n, 0n], shortfallWh: [0n, 0n], costMicro: 0n });
  });

  it("finds everything missing without candidates", () => {
    expect(select([7n], { candidates: [] })).toMatchObject({ orders: [], shortfallWh: [7n] });
  });

  it.each([
    ["feeder", "F1", {}],
    ["bus", "B7", { busId: "B7" }],
    ["branch", "L3", { branchIds: ["L9", "L3"] }],
  ])("keeps the limit of a %s shared by two devices", (_, elementId, placed) => {
    const candidates = [{ ...cheap, ...placed }, { ...dear, ...placed }, middle];
    const limits = [{ elementId, changeWhMax: [120n, 0n] }];
    const selection = select([300n, 300n], { candidates, limits });
    expect(ordersOf(selection)).toEqual({ cheap: [100n, 0n], dear: [20n, 0n], middle: [100n, 100n] });
    expect(selection.shortfallWh).toEqual([80n, 200n]);
  });

  it("charges a feeder that is named by its first branch once", () => {
    const candidates = [{ ...cheap, feederId: "L1", branchIds: ["L2", "L1"] }];
    const limits = [{ elementId: "L1", changeWhMax: [80n, 80n] }];
    expect(ordersOf(select([100n, 100n], { candidates, limits }))).toEqual({ cheap: [80n, 80n] });
  });
});

describe("the margin", () => {
  const shaky = { ...cheap, reliability: 0.9 };

  it("makes up for what the chosen devices will probably not deliver", () => {
    const selection = select([100n, 50n], { candidates: [shaky, dear] });
    expect(ordersOf(selection)).toEqual({ cheap: [100n, 55n], dear: [10n, 0n] });
    expect(selection).toMatchObject({ marginWh: [10n, 5n], shortfallWh: [0n, 0n] });
  });

  it("is held at its bound, and can be switched off", () => {
    const bounded = select([100n, 100n], { candidates: [shaky, dear], marginPerMilleMax: 50n });
    expect(bounded.marginWh).toEqual([5n, 5n]);
    const exact = select([100n, 100n], { candidates: [shaky, dear], marginPerMilleMax: 0n });
    expect(ordersOf(exact)).toEqual({ cheap: [100n, 100n] });
  });

  it("is only what is still free", () => {
    const selection = select([99n, 150n], { candidates: [shaky] });
    expect(selection).toMatchObject({ marginWh: [1n, 0n], shortfallWh: [0n, 50n] });
  });
});

describe("input faults", () => {
  const limits = [{ elementId: "F1", changeWhMax: [1n] }];

  it("accepts the longest event and rejects one unit more", () => {
    const zeros = (length: number) => Array.from({ length }, () => 0n);
    expect(select(zeros(EVENT_INTERVALS_MAX), { candidates: [] }).orders).toEqual([]);
    expect(() => select(zeros(EVENT_INTERVALS_MAX + 1), { candidates: [] })).toThrow(InvalidInputError);
  });

  it.each([
    ["no unit", [], {}],
    ["a negative request", [-1n, 0n], {}],
    ["a device without a value for each unit", [1n], {}],
    ["a negative margin", [1n, 1n], { marginPerMilleMax: -1n }],
    ["a limit without a value for each unit", [1n, 1n], { limits }],
    ["an element limited twice", [1n], { candidates: [], limits: [...limits, ...limits] }],
    ["a negative limit", [1n], { candidates: [], limits: [{ elementId: "F1", changeWhMax: [-1n] }] }],
  ])("rejects %s", (_, orderedWh, overrides) => {
    expect(() => select(orderedWh, overrides)).toThrow(InvalidInputError);
  });
});

describe("any request", () => {
  const amountWh = fc.bigInt({ min: 0n, max: 40n });
  const pairWh = fc.tuple(amountWh, amountWh);
  /** Two feeders below one branch: nested, as in a radial grid. */
  const anyRequest = fc
    .record({
      devices: fc.array(
        fc.record({
          flexibilityWhMax: pairWh,
          costMicroPerWh: fc.bigInt({ min: 0n, max: 9n }),
          reliability: fc.constantFrom(0, 0.5, 0.8, 0.95, 1),
          feederId: fc.constantFrom("F1", "F2"),
        }),
        { maxLength: 7 },
      ),
      orderedWh: pairWh,
      limitsWh: fc.tuple(pairWh, pairWh, pairWh),
    })
    .map(
      ({ devices, orderedWh, limitsWh }): Required<SelectionRequest> => ({
        candidates: devices.map((each, index) => candidate(`d${index}`, { ...each, branchIds: ["T0"] })),
        orderedWh,
        limits: ["F1", "F2", "T0"].map((elementId, index) => ({ elementId, changeWhMax: limitsWh[index] ?? [0n, 0n] })),
        marginPerMilleMax: 200n,
      }),
    );

  const total = (selection: Selection, unit: number, among: ReadonlySet<string>) =>
    selection.orders
      .filter(({ deviceId }) => among.has(deviceId))
      .reduce((sum, { orderedWh }) => sum + (orderedWh[unit] ?? 0n), 0n);

  it("is covered exactly, or the shortfall is said", () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const selection = selectDevices(request);
        const everyone = new Set(request.candidates.map(({ deviceId }) => deviceId));
        for (const [unit, requested] of request.orderedWh.entries()) {
          const [shortfall = -1n, margin = -1n] = [selection.shortfallWh[unit], selection.marginWh[unit]];
          expect(total(selection, unit, everyone)).toBe(requested - shortfall + margin);
          expect(shortfall >= 0n && margin >= 0n && margin * 1000n <= requested * 200n).toBe(true);
        }
      }),
    );
  });

  it("never goes beyond a device or a limited element", () => {
    fc.assert(
      fc.property(anyRequest, fc.constantFrom(0, 1), (request, unit) => {
        const selection = selectDevices(request);
        const devices = request.candidates.map(({ deviceId, flexibilityWhMax }) => ({
          ids: [deviceId],
          boundWh: flexibilityWhMax[unit] ?? 0n,
        }));
        const elements = request.limits.map(({ elementId, changeWhMax }) => ({
          ids: request.candidates.filter((each) => isBelow(each, elementId)).map(({ deviceId }) => deviceId),
          boundWh: changeWhMax[unit] ?? 0n,
        }));
        for (const { ids, boundWh } of [...devices, ...elements]) {
          expect(total(selection, unit, new Set(ids)) <= boundWh).toBe(true);
        }
      }),
    );
  });

  it("does not depend on the order of candidates or limits", () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const reversed = { candidates: [...request.candidates].reverse(), limits: [...request.limits].reverse() };
        expect(selectDevices({ ...request, ...reversed })).toEqual(selectDevices(request));
      }),
    );
  });

  it("costs the least possible when all devices are equally reliable", () => {
    const smallWh = fc.bigInt({ min: 0n, max: 3n });
    const device = fc.record({
      flexibilityWhMax: fc.tuple(smallWh),
      costMicroPerWh: fc.bigInt({ min: 0n, max: 5n }),
      feederId: fc.constantFrom("F1", "F2"),
    });
    const devices = fc.array(device, { maxLength: 4 });
    fc.assert(
      fc.property(devices, smallWh, fc.tuple(smallWh, smallWh), (each, requestedWh, limitsWh) => {
        const candidates = each.map((one, index) => candidate(`d${index}`, one));
        const limits = ["F1", "F2"].map((elementId, index) => ({ elementId, changeWhMax: [limitsWh[index] ?? 0n] }));
        const { costMicro, shortfallWh } = selectDevices({ candidates, orderedWh: [requestedWh], limits });
        expect(costMicro).toBe(cheapest({ candidates, limitsWh, wantedWh: requestedWh - (shortfallWh[0] ?? 0n) }));
      }),
    );
  });
});

function isBelow({ feederId, branchIds = [] }: Candidate, elementId: string): boolean {
  return feederId === elementId || branchIds.includes(elementId);
}

/** The least cost of exactly the wanted energy in one unit within two feeder limits, by trying everything. */
function cheapest(problem: {
  candidates: Candidate[];
  limitsWh: [bigint, bigint];
  wantedWh: bigint;
}): bigint | undefined {
  const { candidates, limitsWh, wantedWh } = problem;
  const costs = allocations(candidates)
    .filter((amounts) => sumOf(amounts) === wantedWh)
    .filter((amounts) => sumOf(amounts.filter((_, at) => candidates[at]?.feederId === "F1")) <= limitsWh[0])
    .filter((amounts) => sumOf(amounts.filter((_, at) => candidates[at]?.feederId === "F2")) <= limitsWh[1])
    .map((amounts) => sumOf(amounts.map((amount, at) => amount * (candidates[at]?.costMicroPerWh ?? 0n))));
  return costs.sort((left, right) => (left < right ? -1 : 1))[0];
}

function allocations([first, ...others]: Candidate[]): bigint[][] {
  if (first === undefined) return [[]];
  const amounts = Array.from({ length: Number(first.flexibilityWhMax[0]) + 1 }, (_, amount) => BigInt(amount));
  return allocations(others).flatMap((rest) => amounts.map((amount) => [amount, ...rest]));
}

function sumOf(values: bigint[]): bigint {
  return values.reduce((sum, value) => sum + value, 0n);
}
