import { type EventOutcome, learnOutcome, newProsumer } from "@gridpact/flexibility";
import { SeededRandom, SimulatedDisk } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import type { Assignment, Candidate, EventDocument } from "../document/index.ts";
import { ProsumerBook } from "../prosumer/index.ts";
import { drRequest, QUARTER_MS, START } from "../test/agent-bench.ts";
import { ROUNDS_MAX, rearrange } from "./rearrange.ts";

const newBook = () => ProsumerBook.open(new SimulatedDisk(new SeededRandom("rearrange")));
const unknown = await newBook();

/** What an event taught of the device that is called here. */
function outcome(eventId: string, deliveredWh: number): EventOutcome {
  const time = { startUnixMs: 0, endUnixMs: QUARTER_MS };
  const amounts = { offeredWh: 100, orderedWh: 100, deliveredWh, earnedMicro: 0 };
  return { eventId, ...time, ...amounts, hasSigned: true, responseLagMs: null };
}

const PROMISE = [100n, 100n, 100n, 100n];

function candidate(deviceId: string): Candidate {
  const reducibleWh = PROMISE;
  const energies = { baselineWh: PROMISE, forecastWh: PROMISE, reducibleWh };
  const estimate = { reliabilityPerMille: 1_000, spreadPerMille: 0, turnSurchargePerMille: 0 };
  const known = { historyHashHex: "", dataUntilUnixMs: 0 };
  return { deviceId, feeder: "f", baselineDates: [], ...estimate, ...known, ...energies };
}

function assignment(changes: Partial<Assignment> = {}): Assignment {
  const contract = { contractId: "peak:a", deviceId: "a", kind: "original", firstInterval: 0 } as const;
  const standing = { consentByUnixMs: 0, status: "accepted", isSettled: false, chunkNo: 0, settleRefusals: 0 } as const;
  return { ...contract, ...standing, orderedWh: PROMISE, amendment: null, ...changes };
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
    amending: null,
    deliveringPerMille: { a: 500 },
    reports: [],
    plannedAtUnixMs: 0,
    plannedAtHeight: 0,
    ...changes,
  };
}

function context(nowUnixMs: number, prosumers = unknown) {
  const shares = { devicePriceSharePerMille: 800, devicePenaltyCapPerMille: 1_000 };
  const options = {
    consentLeadMs: 120_000,
    amendLeadMs: 30_000,
    tolerancePerMille: 100,
    lossPerMilleMax: 0,
    ...shares,
  };
  const log = { info: () => undefined };
  const modules = { clock: { nowUnixMs: () => nowUnixMs }, log, feederLimits: () => [] };
  return { options, modules, prosumers, events: { list: () => [] } } as unknown as Parameters<typeof rearrange>[1];
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
    await failing.save(learnOutcome(newProsumer("a", 0), outcome("e1", 0)));
    const [ofNew, ofFailing] = await Promise.all(
      [unknown, failing].map((book) => rearrange(event(), context(START + 60_000, book))),
    );
    expect(orderOf(ofFailing) > orderOf(ofNew)).toBe(true);
  });

  it("orders all that is missing when a device delivers nothing, however good its past", async () => {
    const proven = await newBook();
    for (const eventId of ["e1", "e2", "e3"]) {
      await proven.save(learnOutcome(proven.stateOf("a"), outcome(eventId, 100)));
    }
    const changed = await rearrange(event({ deliveringPerMille: { a: 0 } }), context(START + 60_000, proven));
    // The margin of the policy would be on top, but this is all that the other device has.
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
