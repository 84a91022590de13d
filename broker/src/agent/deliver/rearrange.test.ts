import { SeededRandom, SimulatedDisk } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import type { StepContext } from "../agent-modules.ts";
import type { Assignment, Candidate, EventDocument } from "../document/index.ts";
import { ReliabilityBook } from "../plan/index.ts";
import { drRequest, QUARTER_MS, START } from "../test/agent-bench.ts";
import { ROUNDS_MAX, rearrange } from "./rearrange.ts";

const newBook = () => ReliabilityBook.open(new SimulatedDisk(new SeededRandom("rearrange")));
const unknown = await newBook();

const PROMISE = [100n, 100n, 100n, 100n];

function candidate(deviceId: string): Candidate {
  const reducibleWh = PROMISE;
  const energies = { baselineWh: PROMISE, forecastWh: PROMISE, reducibleWh };
  return { deviceId, feeder: "f", baselineDates: [], reliabilityPerMille: 1_000, ...energies };
}

function assignment(changes: Partial<Assignment> = {}): Assignment {
  const contract = { contractId: "peak:a", deviceId: "a", kind: "original", firstInterval: 0 } as const;
  const standing = { consentByUnixMs: 0, status: "accepted", isSettled: false, chunkNo: 0, settleRefusals: 0 } as const;
  return { ...contract, ...standing, orderedWh: PROMISE, ...changes };
}

function event(changes: Partial<EventDocument> = {}): EventDocument {
  return {
    request: drRequest(100n),
    phase: "running",
    reason: "",
    candidates: [candidate("a"), candidate("b")],
    nominatedWh: PROMISE,
    assignments: [assignment()],
    round: 0,
    deliveringPerMille: { a: 500 },
    reports: [],
    plannedAtUnixMs: 0,
    plannedAtHeight: 0,
    ...changes,
  };
}

function context(nowUnixMs: number, reliability = unknown): StepContext {
  const options = { consentLeadMs: 120_000, tolerancePerMille: 100, marginPerMilleMax: 0 };
  const log = { info: () => undefined };
  const modules = { clock: { nowUnixMs: () => nowUnixMs }, log, feederLimits: () => [] };
  return { options, modules, reliability, events: { list: () => [] } } as unknown as StepContext;
}

function orderOf(changed: EventDocument | undefined): bigint {
  return changed?.assignments[1]?.orderedWh[0] ?? 0n;
}

describe("re-arrangement", () => {
  it("calls others for what is expected to be missing, from the first interval that they can serve", async () => {
    const changed = await rearrange(event(), context(START + 60_000));
    const [, replacement] = changed.assignments;
    expect(replacement).toMatchObject({ deviceId: "b", kind: "replacement", firstInterval: 1 });
    expect(replacement?.orderedWh).toHaveLength(3);
    // At least what is missing now; a little more where the policy expects the device to fade.
    for (const orderedWh of replacement?.orderedWh ?? []) expect(orderedWh >= 50n && orderedWh <= 60n).toBe(true);
    expect(changed.round).toBe(1);
  });

  it("orders more in place of a device that has failed before than of one that is new", async () => {
    const failing = await newBook();
    await failing.learn("e1", [{ deviceId: "a", orderedWh: 100n, deliveredWh: 0n }]);
    const [ofNew, ofFailing] = await Promise.all(
      [unknown, failing].map((book) => rearrange(event(), context(START + 60_000, book))),
    );
    expect(orderOf(ofFailing) > orderOf(ofNew)).toBe(true);
  });

  it("orders all that is missing when a device delivers nothing, however good its past", async () => {
    const proven = await newBook();
    for (const eventId of ["e1", "e2", "e3"]) {
      await proven.learn(eventId, [{ deviceId: "a", orderedWh: 100n, deliveredWh: 100n }]);
    }
    const changed = await rearrange(event({ deliveringPerMille: { a: 0 } }), context(START + 60_000, proven));
    expect(changed.assignments[1]?.orderedWh).toEqual([100n, 100n, 100n]);
  });

  it("skips an interval that begins before their consent could be had", async () => {
    const inTime = await rearrange(event(), context(START + QUARTER_MS - 120_000));
    const tooLate = await rearrange(event(), context(START + QUARTER_MS - 119_999));
    expect(inTime.assignments[1]?.firstInterval).toBe(1);
    expect(tooLate.assignments[1]?.firstInterval).toBe(2);
  });

  it("leaves a shortfall within the tolerance alone, and one that nobody can fill", async () => {
    const tolerated = event({ deliveringPerMille: { a: 900 } });
    expect(await rearrange(tolerated, context(START))).toBe(tolerated);
    const alone = event({ candidates: [candidate("a")] });
    expect(await rearrange(alone, context(START))).toBe(alone);
    const over = event();
    expect(await rearrange(over, context(START + 4 * QUARTER_MS))).toBe(over);
  });

  it("waits until the contracts of the last round are on the ledger", async () => {
    const planned = event({ assignments: [assignment({ status: "planned" })] });
    expect(await rearrange(planned, context(START))).toBe(planned);
  });

  it("goes through as many rounds as it may and not one more", async () => {
    expect((await rearrange(event({ round: ROUNDS_MAX - 1 }), context(START))).round).toBe(ROUNDS_MAX);
    const last = event({ round: ROUNDS_MAX });
    expect(await rearrange(last, context(START))).toBe(last);
  });
});
