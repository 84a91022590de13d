import { describe, expect, it } from "vitest";
import { type EventInput, Vtn20b } from "../src/vtn20b/index.ts";
import { MAX_EVENTS_PER_VEN } from "../src/vtn20b/operations.ts";
import { RESEND_AFTER_MS } from "../src/vtn20b/outbox.ts";
import { codeOf, lastEvents, MINUTE, registered, requests, simpleEvent } from "./conversation.ts";
import { createLaboratory, START } from "./laboratory.ts";

const BASELINE = {
  baselineName: "usual",
  startUnixMs: START,
  duration: "PT30M",
  intervals: [
    { duration: "PT15M", value: 5 },
    { duration: "PT15M", value: 4 },
  ],
  resourceIds: ["heater"],
};

describe("events", () => {
  it("are sent, answered, changed, answered again and cancelled", async () => {
    const { laboratory, ven, venId, notifications } = await registered();
    const { eventId } = laboratory.vtn.createEvent(simpleEvent([venId]));
    await ven.poll();
    const delivery = () => laboratory.vtn.state.deliveryOf(venId, eventId);
    expect(delivery()).toMatchObject({ answer: { modificationNumber: 0, optType: "optIn" } });
    laboratory.vtn.modifyEvent(eventId, { startUnixMs: START + 20 * MINUTE });
    await ven.poll();
    expect(delivery()).toMatchObject({ answer: { modificationNumber: 1, optType: "optIn" } });
    laboratory.vtn.cancelEvent(eventId);
    await ven.poll();
    expect(lastEvents(laboratory)).toMatchObject([{ eventStatus: "cancelled", modificationNumber: 2 }]);
    expect(delivery()).toMatchObject({ answer: { modificationNumber: 2 } });
    laboratory.exchanges.length = 0;
    await ven.poll();
    expect(requests(laboratory)).toEqual(["oadrPoll"]);
    expect(notifications.map(({ kind }) => kind)).toEqual([
      "registered",
      "event-received",
      "event-received",
      "event-cancelled",
    ]);
  });

  it("are changed and cancelled only until they are over", async () => {
    const { laboratory, venId } = await registered();
    const { vtn, clock } = laboratory;
    const [cancelled, played] = [vtn.createEvent(simpleEvent([venId])), vtn.createEvent(simpleEvent([venId]))];
    vtn.cancelEvent(cancelled.eventId);
    clock.advance(60 * MINUTE);
    const isOver = expect.objectContaining({ code: "event-over" });
    for (const { eventId } of [cancelled, played]) {
      expect(() => vtn.modifyEvent(eventId, { priority: 1 })).toThrow(isOver);
      expect(() => vtn.cancelEvent(eventId)).toThrow(isOver);
    }
  });

  it("go through far, near, active and completed by the clock alone", async () => {
    const { laboratory, ven, venId } = await registered();
    laboratory.vtn.createEvent(simpleEvent([venId], { rampUp: "PT5M" }));
    const seen: unknown[] = [];
    for (const minutes of [0, 5, 5, 29, 1]) {
      laboratory.clock.advance(minutes * MINUTE);
      laboratory.exchanges.length = 0;
      await ven.requestEvents();
      const list = laboratory.exchanges[0]?.response;
      const event = list?.type === "oadrDistributeEvent" ? list.oadrEvent[0]?.eiEvent : undefined;
      seen.push([event?.eventDescriptor.eventStatus, event?.eiEventSignals.eiEventSignal[0]?.currentValue]);
    }
    expect(seen).toEqual([
      ["far", 0],
      ["near", 0],
      ["active", 2],
      ["active", 2],
      [undefined, undefined],
    ]);
  });

  it("come in the order active, priority, start", async () => {
    const { laboratory, ven, venId } = await registered();
    const at = (eventId: string, minutes: number, priority: number) =>
      laboratory.vtn.createEvent(simpleEvent([venId], { eventId, priority, startUnixMs: START + minutes * MINUTE }));
    at("unimportant", 20, 0);
    at("later", 40, 1);
    at("sooner", 30, 1);
    at("running", -5, 3);
    await ven.requestEvents();
    expect(lastEvents(laboratory).map(({ eventID }) => eventID)).toEqual(["running", "sooner", "later", "unimportant"]);
  });

  it("are sent again when the answer to a poll was lost, and never twice to no purpose", async () => {
    const { laboratory, ven, venId } = await registered();
    const { eventId } = laboratory.vtn.createEvent(simpleEvent([venId]));
    laboratory.isLosingAnswers = true;
    await expect(ven.poll()).rejects.toThrow("lost");
    laboratory.isLosingAnswers = false;
    await ven.poll();
    expect(ven.events()).toHaveLength(0);
    laboratory.clock.advance(RESEND_AFTER_MS);
    await ven.poll();
    expect(ven.events()).toHaveLength(1);
    expect(laboratory.vtn.state.deliveryOf(venId, eventId)).toMatchObject({ answer: { optType: "optIn" } });
    laboratory.clock.advance(RESEND_AFTER_MS);
    laboratory.exchanges.length = 0;
    await ven.poll();
    expect(requests(laboratory)).toEqual(["oadrPoll"]);
  });

  it("that need no answer get none", async () => {
    const { laboratory, ven, venId } = await registered();
    laboratory.vtn.createEvent(simpleEvent([venId], { isResponseRequired: false }));
    await ven.poll();
    expect(requests(laboratory)).toEqual(["oadrPoll", "oadrPoll"]);
    expect(ven.events()).toHaveLength(1);
  });

  it("cancelled before the VEN heard of them stay unknown to it", async () => {
    const { laboratory, ven, venId } = await registered();
    const { eventId } = laboratory.vtn.createEvent(simpleEvent([venId]));
    laboratory.vtn.cancelEvent(eventId);
    await ven.poll();
    expect(ven.events()).toHaveLength(0);
  });

  it("are answered by hand when nobody decides at once", async () => {
    const { laboratory, ven, venId } = await registered(createLaboratory(), { decide: () => undefined });
    const { eventId } = laboratory.vtn.createEvent(simpleEvent([venId]));
    await ven.poll();
    expect(requests(laboratory)).toEqual(["oadrPoll", "oadrPoll"]);
    expect(await ven.decide(eventId, "optOut", "the battery is empty")).toMatchObject({ responseCode: "200" });
    const answer = { optType: "optOut", description: "the battery is empty" };
    expect(laboratory.vtn.state.deliveryOf(venId, eventId)).toMatchObject({ answer });
  });

  it("that the VTN has changed meanwhile are not answered by an old decision", async () => {
    const { laboratory, ven, venId } = await registered(createLaboratory(), { decide: () => undefined });
    const { eventId } = laboratory.vtn.createEvent(simpleEvent([venId]));
    await ven.poll();
    laboratory.vtn.modifyEvent(eventId, { priority: 1 });
    expect(await ven.decide(eventId, "optIn")).toMatchObject({ responseCode: "450" });
    expect(laboratory.vtn.state.deliveryOf(venId, eventId)?.answer).toBeUndefined();
  });

  it("start at a random moment of the tolerance that stays the same", async () => {
    const { laboratory, ven, venId } = await registered();
    const { eventId } = laboratory.vtn.createEvent(simpleEvent([venId], { startafter: "PT10M" }));
    await ven.poll();
    const first = ven.events()[0]?.effectiveStartUnixMs ?? 0;
    expect(first).toBeGreaterThanOrEqual(START + 10 * MINUTE);
    expect(first).toBeLessThan(START + 20 * MINUTE);
    laboratory.vtn.modifyEvent(eventId, { priority: 1 });
    await ven.poll();
    expect(ven.events()[0]?.effectiveStartUnixMs).toBe(first);
  });

  it("that vanish from the list are cancelled without a word", async () => {
    const { laboratory, ven, notifications } = await registered();
    const empty = { type: "oadrDistributeEvent", requestID: "R", vtnID: "VTN", oadrEvent: [] } as const;
    laboratory.vtn.createEvent(simpleEvent([ven.registration?.venId ?? ""]));
    await ven.poll();
    await ven.answer(empty);
    expect(ven.events()).toMatchObject([{ isImpliedCancelled: true }]);
    expect(notifications.at(-1)).toMatchObject({ kind: "event-cancelled" });
  });

  it.each([
    ["of a foreign VTN", (text: string) => text.replace('"vtnID":"VTN"', '"vtnID":"OTHER"'), "452"],
    ["for somebody else", (text: string) => text.replace(/"venID":\["[^"]*"\]/, '"venID":["OTHER"]'), "462"],
    ["with an unknown signal", (text: string) => text.replace("SIMPLE", "x-mine"), "460"],
  ])("%s are refused by the VEN", async (_, change, code) => {
    const { laboratory, ven, venId } = await registered();
    laboratory.vtn.createEvent(simpleEvent([venId]));
    const request = { type: "oadrRequestEvent", requestID: "R", venID: venId } as const;
    const reply = laboratory.vtn.answer("EiEvent", request, { fingerprint: undefined });
    await ven.answer(JSON.parse(change(JSON.stringify("message" in reply ? reply.message : reply))));
    const answer = laboratory.exchanges.at(-1)?.request;
    expect(JSON.stringify(answer)).toContain(`"responseCode":"${code}"`);
    expect(answer?.type).toBe("oadrCreatedEvent");
  });

  it("are not changed by wrong answers", async () => {
    const { laboratory, ven, venId } = await registered();
    const { eventId } = laboratory.vtn.createEvent(simpleEvent([venId]));
    const answer = (eventID: string, modificationNumber: number) =>
      codeOf(
        laboratory.vtn.answer(
          "EiEvent",
          {
            type: "oadrCreatedEvent",
            eiResponse: { responseCode: "200", requestID: "R" },
            eventResponses: [
              {
                responseCode: "200",
                requestID: "R",
                qualifiedEventID: { eventID, modificationNumber },
                optType: "optOut",
              },
            ],
            venID: venId,
          },
          { fingerprint: undefined },
        ),
      );
    expect(answer(eventId, 0)).toBe("452");
    await ven.poll();
    expect([answer("unknown", 0), answer(eventId, 1), answer(eventId, 0)]).toEqual(["452", "450", "200"]);
  });

  it("carry the baseline that the operator states, also after a change of something else", async () => {
    const { laboratory, ven, venId } = await registered();
    const { eventId } = laboratory.vtn.createEvent(simpleEvent([venId], { baseline: BASELINE }));
    await ven.poll();
    laboratory.vtn.modifyEvent(eventId, { priority: 1 });
    await ven.poll();
    const received = ven.events()[0]?.event.eiEvent;
    expect(received?.eventDescriptor.modificationNumber).toBe(1);
    expect(received?.eiEventSignals.eiEventBaseline).toMatchObject({
      baselineID: `BASELINE-${eventId}`,
      baselineName: "usual",
      dtstartUnixMs: START,
      resourceID: ["heater"],
      intervals: [{ signalPayload: [5] }, { signalPayload: [4] }],
    });
    laboratory.vtn.modifyEvent(eventId, { baseline: { ...BASELINE, baselineName: "other" } });
    await ven.poll();
    expect(ven.events()[0]?.event.eiEvent.eiEventSignals.eiEventBaseline?.baselineName).toBe("other");
  });

  it.each([
    ["no VEN", { venIds: [] }],
    ["an unknown VEN", { venIds: ["X"] }],
    ["intervals that do not add up", { duration: "PT31M" }],
    [
      "a level above 3",
      { signals: [{ signalName: "SIMPLE", signalType: "level", intervals: [{ duration: "PT30M", value: 4 }] }] },
    ],
    ["no signal", { signals: [] }],
    ["a broken duration", { rampUp: "5 minutes" }],
    ["a broken time", { startUnixMs: Number.NaN }],
    ["a baseline that does not add up", { baseline: { ...BASELINE, duration: "PT31M" } }],
    ["a baseline of no time", { baseline: { ...BASELINE, startUnixMs: 0.5 } }],
    ["a unit that no message can state", { baseline: { ...BASELINE, itemBase: { kind: "furlong" } as never } }],
  ] as [string, Partial<EventInput>][])("are refused with %s", async (_, change) => {
    const { laboratory, venId } = await registered();
    expect(() => laboratory.vtn.createEvent(simpleEvent([venId], change))).toThrow();
    expect(laboratory.vtn.state.events.under()).toHaveLength(0);
  });

  it("are bounded in number", async () => {
    const { laboratory, venId } = await registered();
    for (let count = 0; count < MAX_EVENTS_PER_VEN; count += 1) laboratory.vtn.createEvent(simpleEvent([venId]));
    expect(() => laboratory.vtn.createEvent(simpleEvent([venId]))).toThrow("events");
  });

  it("survive a restart of the VTN", async () => {
    const { laboratory, ven, venId } = await registered();
    const { eventId } = laboratory.vtn.createEvent(simpleEvent([venId]));
    await ven.poll();
    const again = new Vtn20b(laboratory.vtn.options, {
      store: laboratory.vtnStore,
      clock: laboratory.clock,
      random: { bytes: (n) => new Uint8Array(n) },
    });
    expect(again.state.events.get(eventId)).toMatchObject({ eventId });
    expect(() => again.modifyEvent("nothing", {})).toThrow("no event");
    laboratory.clock.advance(60 * MINUTE);
    expect(() => again.cancelEvent(eventId)).toThrow("completed");
  });
});
