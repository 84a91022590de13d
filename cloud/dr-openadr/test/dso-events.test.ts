import { silentLog } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import { dsoEventInput, type ProgrammeTerms } from "../src/dso-event.ts";
import { DsoFeed20b } from "../src/dso-feed20b.ts";
import { type DsoEventPlanner, DsoIntake } from "../src/dso-intake.ts";
import { TOO_MUCH } from "../src/reduction.ts";
import { drRequest, openVtn, refusalOf, START_UNIX_MS, UNIT_MS, units } from "./bench.ts";

const PROGRAMME = "urn:example:programme";
const TERMS: ProgrammeTerms = { penaltyMicroPerWh: 600n, penaltyCapPerMille: 1_000, baselineMethod: "tenInTen" };
const EVENT = {
  eventId: "story-1",
  intervals: units(2),
  requestedWh: [500n, 333n],
  priceMicroPerWhMax: 500n,
};

function open() {
  const { vtn, clock, ven } = openVtn("aggregator");
  const options = { venId: "aggregator", isSigning: false, programmes: new Map([[PROGRAMME, TERMS]]), mtuMs: UNIT_MS };
  const plans: unknown[] = [];
  let refusal: Error | undefined;
  let picture: ReturnType<DsoEventPlanner["event"]>;
  const planner: DsoEventPlanner = {
    planEvent: async (plan) => {
      if (refusal !== undefined) throw refusal;
      plans.push(plan);
    },
    event: () => picture,
  };
  const intake = new DsoIntake({ feed: new DsoFeed20b(options, ven), planner, log: silentLog });
  const tick = async () => {
    await intake.tick();
    await clock.advanceTo(clock.nowUnixMs() + 10_000);
  };
  const answer = (eventId = "story-1") => vtn.state.deliveryOf("aggregator", eventId)?.answer;
  return {
    vtn,
    plans,
    tick,
    answer,
    refuse: (error: Error | undefined) => {
      refusal = error;
    },
    show: (event: typeof picture) => {
      picture = event;
    },
  };
}

/** As a DSO would send it, at these prices, one for each of its intervals. */
function pricedAt(...prices: number[]) {
  const { signals } = dsoEventInput(EVENT, { venId: "aggregator", programme: PROGRAMME });
  return signals.map((signal) => {
    if (signal.signalName !== "ELECTRICITY_PRICE") return signal;
    return { ...signal, intervals: prices.map((value) => ({ duration: "PT900S", value })) };
  });
}

describe("a DSO's event", () => {
  it("is planned with the programme's terms, and opted into", async () => {
    const { vtn, plans, tick, answer } = open();
    vtn.createEvent(dsoEventInput(EVENT, { venId: "aggregator", programme: PROGRAMME }));
    await tick();
    await tick();
    expect(plans).toEqual([{ ...EVENT, ...TERMS }]);
    expect(answer()).toMatchObject({ optType: "optIn" });
  });

  it("is planned under another id when a plan may not have its own", async () => {
    const { vtn, plans, tick, answer } = open();
    vtn.createEvent(dsoEventInput({ ...EVENT, eventId: "Event 1" }, { venId: "aggregator", programme: PROGRAMME }));
    await tick();
    expect(plans).toMatchObject([{ eventId: expect.stringMatching(/^dso-[0-9a-f]{32}$/) }]);
    expect(answer("Event 1")).toMatchObject({ optType: "optIn" });
  });

  it("of kW over whole hours is asked for evenly in market time units", async () => {
    const { vtn, plans, tick } = open();
    vtn.createEvent({
      ...dsoEventInput(EVENT, { venId: "aggregator", programme: PROGRAMME }),
      duration: "PT1H",
      signals: [
        {
          signalName: "LOAD_DISPATCH",
          signalType: "delta",
          itemBase: {
            kind: "powerReal",
            value: {
              itemDescription: "RealPower",
              itemUnits: "W",
              siScaleCode: "k",
              powerAttributes: { hertz: 60, voltage: 120, ac: true },
            },
          },
          intervals: [{ duration: "PT1H", value: -2 }],
        },
        {
          signalName: "ELECTRICITY_PRICE",
          signalType: "price",
          itemBase: {
            kind: "currencyPerKWh",
            value: { itemDescription: "currencyPerKWh", itemUnits: "EUR", siScaleCode: "none" },
          },
          intervals: [{ duration: "PT1H", value: 0.5 }],
        },
      ],
    });
    await tick();
    expect(plans).toMatchObject([{ intervals: units(4), requestedWh: [500n, 500n, 500n, 500n] }]);
  });

  it.each([
    ["of no programme of ours", { marketContext: "urn:other" }, "no programme urn:other here"],
    [
      "that states a level only",
      { signals: [{ signalName: "SIMPLE", signalType: "level", intervals: [{ duration: "PT1800S", value: 1 }] }] },
      "an ELECTRICITY_PRICE in EUR/kWh is needed",
    ],
    ["of two prices", { signals: pricedAt(0.5, 0.6) }, "one price for all intervals is needed"],
    ["of more money than is counted", { signals: pricedAt(1e30, 1e30) }, TOO_MUCH],
  ] as const)("%s is opted out of, with the reason", async (_, changes, reason) => {
    const { vtn, plans, tick, answer } = open();
    vtn.createEvent({ ...dsoEventInput(EVENT, { venId: "aggregator", programme: PROGRAMME }), ...changes } as never);
    await tick();
    expect(plans).toEqual([]);
    expect(answer()).toMatchObject({ optType: "optOut", description: reason });
  });

  it("that cannot be planned is opted out of; one that could not be for now is tried again", async () => {
    const { vtn, tick, answer, refuse } = open();
    vtn.createEvent(dsoEventInput(EVENT, { venId: "aggregator", programme: PROGRAMME }));
    refuse(new Error("disk full"));
    await expect(tick()).rejects.toThrow("disk full");
    expect(answer()).toBeUndefined();
    refuse(refusalOf("PLAN_INVALID"));
    await tick();
    expect(answer()).toMatchObject({ optType: "optOut", description: "PLAN_INVALID" });
  });

  it("is reported on in sum, once every node that takes part in an interval has reported it", async () => {
    const { vtn, tick, show } = open();
    vtn.createEvent(dsoEventInput(EVENT, { venId: "aggregator", programme: PROGRAMME }));
    await tick();
    const district = { request: drRequest(), state: "contracted", reports: [] };
    const offices = { request: drRequest({ vnId: "offices", intervals: units(2).slice(1) }), state: "contracted" };
    const report = { deliveredWh: 400n, shortfallWh: 100n };
    const idle = { request: drRequest({ vnId: "idle" }), state: "refused", reports: [] };
    const plan = { intervals: units(2) };
    show({ plan, requests: [district, { ...offices, reports: [] }, idle] });
    await tick();
    expect(vtn.receivedReports("aggregator")).toEqual([]);
    const both = [0, 1].map((intervalIndex) => ({ ...report, intervalIndex }));
    show({ plan, requests: [{ ...district, reports: both }, { ...offices, reports: [] }, idle] });
    await tick();
    show({ plan, requests: [{ ...district, reports: both }, { ...offices, reports: both.slice(0, 1) }, idle] });
    await tick();
    await tick();
    const values = vtn
      .receivedReports("aggregator")
      .map(({ report: { intervals } }) => [
        intervals?.[0]?.dtstartUnixMs,
        intervals?.[0]?.oadrReportPayload.map(({ payload }) => payload.kind === "payloadFloat" && payload.value),
      ]);
    expect(values).toEqual([
      [START_UNIX_MS, [-400, 100]],
      [START_UNIX_MS + UNIT_MS, [-800, 200]],
    ]);
  });
});
