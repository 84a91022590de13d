import type { DrRequest } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { type ChoiceRules, chooseGreedily, ORIGINALS_MAX } from "../dispatch/index.ts";
import type { Assignment, Candidate, EventDocument } from "../document/index.ts";
import { drRequest } from "../test/agent-bench.ts";
import { sampleCandidate as candidate } from "../test/choice-samples.ts";
import { ASSIGNMENTS_MAX, chooseReplacements, originalsFor } from "./choose-devices.ts";

const chooseOriginals = (request: DrRequest, candidates: Candidate[], rules: ChoiceRules) =>
  originalsFor(request, chooseGreedily(request, candidates, rules));

function rules(feederLimitWh?: bigint): ChoiceRules {
  const limitWh = Array.from({ length: 4 }, () => feederLimitWh ?? 0n);
  return {
    limits: feederLimitWh === undefined ? [] : [{ elementId: "feeder-1", limitWh }],
    lossPerMilleMax: 500,
  };
}

function eventWith(candidates: Candidate[], assignments: EventDocument["assignments"]): EventDocument {
  const request = drRequest(100n);
  return {
    request,
    candidates,
    assignments,
    nominatedWh: request.orderedWh,
    deliveringPerMille: {},
  } as unknown as EventDocument;
}

const OFFER = {
  priceMicroPerWh: 48n,
  kwhPayMicro: 48_000n,
  intervalLimitWh: [100n, 100n, 100n, 100n],
  energyLimitWh: null,
  reboundPerMille: 0,
  afterWh: [],
};

const MANY = Array.from({ length: 300 }, (_, index) => candidate(`d-${String(index).padStart(3, "0")}`));

describe("the choice of devices", () => {
  it("calls the most reliable first, and orders more for what they will not deliver, with the policy's margin", () => {
    const chosen = chooseOriginals(
      drRequest(100n),
      [candidate("a", { reliabilityPerMille: 500 }), candidate("b", { reliabilityPerMille: 900 })],
      rules(),
    );
    expect(chosen.map(({ deviceId, orderedWh }) => [deviceId, orderedWh[0]])).toEqual([
      // A tenth of b's order will be missing; the policy adds its least margin of two per cent, and its loss.
      ["a", 13n],
      ["b", 100n],
    ]);
  });

  it("orders a larger margin from devices whose deliveries vary more", () => {
    const total = (spreadPerMille: number) => {
      const chosen = chooseOriginals(
        drRequest(100n),
        MANY.map((each) => ({ ...each, spreadPerMille })),
        rules(),
      );
      return chosen.reduce((sum, { orderedWh }) => sum + (orderedWh[0] ?? 0n), 0n);
    };
    expect([total(0), total(300)]).toEqual([102n, 105n]);
  });

  it("calls by turns between equals, and the better one whatever the turn", () => {
    const often = candidate("a", { turnSurchargePerMille: 50 });
    const first = (other: Candidate) => chooseOriginals(drRequest(50n), [often, other], rules())[0]?.deviceId;
    expect(first(candidate("b"))).toBe("b");
    expect(first(candidate("b", { turnSurchargePerMille: 50 }))).toBe("a");
    expect(first(candidate("b", { reliabilityPerMille: 900 }))).toBe("a");
  });

  it("keeps within the limit of a feeder", () => {
    const chosen = chooseOriginals(drRequest(150n), [candidate("a"), candidate("b")], rules(120n));
    expect(chosen.map(({ orderedWh }) => orderedWh[0])).toEqual([100n, 20n]);
  });

  it("chooses as many devices as one contract has room for, and leaves room for replacements", () => {
    expect(chooseOriginals(drRequest(19_200n), MANY, rules())).toHaveLength(ORIGINALS_MAX);
    expect(chooseOriginals(drRequest(30_000n), MANY, rules())).toHaveLength(ORIGINALS_MAX);
  });
});

describe("the choice of replacements", () => {
  const originals = chooseOriginals(drRequest(30_000n), MANY, rules());
  const shortfall = { shortfallWh: [0n, 0n, 30_000n, 30_000n], firstInterval: 2, busy: new Set<string>() };

  it("asks no device twice in an event, not even one that lapsed", () => {
    const [first] = originals;
    const lapsed = { ...(first as NonNullable<typeof first>), status: "lapsed" as const };
    const chosen = chooseReplacements(
      eventWith([candidate(lapsed.deviceId), candidate("z")], [lapsed]),
      { ...shortfall, shortfallWh: [0n, 0n, 150n, 150n] },
      rules(),
    );
    expect(chosen.assignments.map(({ deviceId }) => deviceId)).toEqual(["z"]);
    expect(chosen.additions).toEqual([]);
  });

  it("asks more of a device at work that delivers, up to what it has and to what the SC1 asks for", () => {
    // 60 Wh and the policy's margin are ordered of the device, which has 100.
    const [first] = chooseOriginals(drRequest(60n), [candidate("a")], rules()) as [Assignment];
    const working: Assignment = { ...first, status: "accepted" };
    const event = { ...eventWith([candidate("a"), candidate("z")], [working]), nominatedWh: [60n, 60n, 90n, 200n] };
    const missing = { ...shortfall, shortfallWh: [0n, 0n, 110n, 110n] };
    const none = { ...rules(), lossPerMilleMax: 0 };
    const chosen = chooseReplacements(event, missing, none);
    expect(chosen.additions).toEqual([{ deviceId: "a", orderedWh: [0n, 0n, 29n, 39n] }]);
    expect(chosen.assignments).toMatchObject([{ deviceId: "z", orderedWh: [83n, 73n] }]);
    const failing = { ...event, deliveringPerMille: { a: 500 } };
    expect(chooseReplacements(failing, missing, none).additions).toEqual([]);
  });

  it("asks no device at work for more energy than its resources have left", () => {
    const offer = { ...OFFER, energyLimitWh: 260n };
    const [first] = chooseOriginals(drRequest(60n), [candidate("a", { offer })], rules()) as [Assignment];
    const event = { ...eventWith([candidate("a", { offer })], [{ ...first, status: "accepted" }]) };
    const missing = { ...shortfall, shortfallWh: [0n, 0n, 30n, 30n] };
    // Four times 61 Wh are ordered; 16 are left for two intervals.
    const chosen = chooseReplacements(event, missing, { ...rules(), lossPerMilleMax: 0 });
    expect(chosen.additions).toEqual([{ deviceId: "a", orderedWh: [0n, 0n, 8n, 8n] }]);
  });

  it("orders from the first interval on that can still be served", () => {
    const chosen = chooseReplacements(eventWith([candidate("z")], []), shortfall, rules());
    expect(chosen.assignments).toMatchObject([{ kind: "replacement", firstInterval: 2, orderedWh: [100n, 100n] }]);
  });

  it("leaves out devices that other events have", () => {
    const busy = new Set(["z"]);
    expect(chooseReplacements(eventWith([candidate("z")], []), { ...shortfall, busy }, rules()).assignments).toEqual(
      [],
    );
  });

  it("fills the contract up to its bound and not beyond", () => {
    const { assignments: chosen } = chooseReplacements(eventWith(MANY, originals), shortfall, rules());
    expect(originals.length + chosen.length).toBe(ASSIGNMENTS_MAX);
    const full = eventWith(MANY, [...originals, ...chosen]);
    expect(chooseReplacements(full, shortfall, rules()).assignments).toEqual([]);
  });
});
