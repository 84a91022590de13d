import { describe, expect, it } from "vitest";
import { signalsAt } from "../src/ven20b/index.ts";
import type { EventInput } from "../src/vtn20b/index.ts";
import { MINUTE, registered, simpleEvent } from "./conversation.ts";
import { createLaboratory, START } from "./laboratory.ts";

const step = (value: number) => ({ duration: "PT10M", value });
const stepped: Partial<EventInput> = {
  signals: [
    { signalName: "SIMPLE", signalType: "level", intervals: [step(1), step(3), step(2)] },
    { signalName: "ELECTRICITY_PRICE", signalType: "price", intervals: [{ duration: "PT30M", value: 0.25 }] },
  ],
};

/** A VEN with one event, and what it was told of its signals. */
async function following(change: Partial<EventInput> = stepped, options: Parameters<typeof registered>[1] = {}) {
  const { laboratory, ven, venId, notifications } = await registered(createLaboratory(), options);
  const { eventId } = laboratory.vtn.createEvent(simpleEvent([venId], change));
  await ven.poll();
  const told = () =>
    notifications.flatMap((one) => (one.kind === "signals-changed" ? [one.signals.map(({ value }) => value)] : []));
  /** Sleeps from change to change, as whoever runs a VEN does. */
  const runUntil = (atUnixMs: number) => {
    for (let next = ven.nextChangeAtUnixMs(); next <= atUnixMs; next = ven.nextChangeAtUnixMs()) {
      laboratory.clock.advance(next - laboratory.clock.nowUnixMs());
      ven.advance();
    }
    laboratory.clock.advance(atUnixMs - laboratory.clock.nowUnixMs());
    ven.advance();
  };
  return { laboratory, ven, eventId, told, runUntil };
}

describe("the steps of an event", () => {
  it("are told one after the other, with every signal, and then that it is over", async () => {
    const { laboratory, eventId, told, runUntil, ven } = await following();
    const values = () =>
      laboratory.vtn.state.events.get(eventId)?.signals[0]?.intervals.map((one) => one.signalPayload);
    expect(values()).toEqual([[1], [3], [2]]);
    runUntil(START + 9 * MINUTE);
    expect(told()).toEqual([]);
    runUntil(START + 60 * MINUTE);
    expect(told()).toEqual([[1, 0.25], [3, 0.25], [2, 0.25], []]);
    expect(ven.nextChangeAtUnixMs()).toBe(Number.POSITIVE_INFINITY);
  });

  it("follow a change of the event", async () => {
    const { laboratory, ven, eventId, told, runUntil } = await following();
    runUntil(START + 10 * MINUTE);
    const intervals = [{ duration: "PT20M", value: 3 }];
    const signals = [{ signalName: "SIMPLE", signalType: "level", intervals }] as const;
    laboratory.vtn.modifyEvent(eventId, { duration: "PT20M", signals });
    await ven.poll();
    runUntil(START + 60 * MINUTE);
    expect(told()).toEqual([[1, 0.25], [3], []]);
  });

  it("of an event that was opted out of are none", async () => {
    const { told, runUntil } = await following(stepped, { decide: () => "optOut" });
    runUntil(START + 60 * MINUTE);
    expect(told()).toEqual([]);
  });

  it("without an end last until the event is cancelled", async () => {
    const signals = [
      { signalName: "SIMPLE", signalType: "level", intervals: [{ duration: "PT0S", value: 1 }] },
    ] as const;
    const { laboratory, ven, eventId, told, runUntil } = await following({ duration: "PT0S", signals });
    runUntil(START + 999 * MINUTE);
    expect(told()).toEqual([[1]]);
    laboratory.vtn.cancelEvent(eventId);
    await ven.poll();
    ven.advance();
    expect(told()).toEqual([[1], []]);
  });

  it("end at random within the tolerance when the running event is cancelled, and at once before it runs", async () => {
    const { laboratory, ven, eventId, told, runUntil } = await following({ ...stepped, startafter: "PT5M" });
    runUntil(START + 20 * MINUTE);
    expect(told().at(-1)).not.toEqual([]);
    laboratory.vtn.cancelEvent(eventId);
    await ven.poll();
    const end = ven.events()[0]?.cancelledEndUnixMs ?? 0;
    expect(end).toBeGreaterThan(START + 20 * MINUTE);
    expect(end).toBeLessThan(START + 25 * MINUTE);
    runUntil(end - 1);
    expect(told().at(-1)).not.toEqual([]);
    runUntil(end);
    expect(told().at(-1)).toEqual([]);
    const { laboratory: other, ven: early, eventId: coming } = await following({ ...stepped, startafter: "PT5M" });
    other.vtn.cancelEvent(coming);
    await early.poll();
    expect(early.nextChangeAtUnixMs()).toBe(Number.POSITIVE_INFINITY);
  });

  it("can be asked for at any instant", async () => {
    const { ven } = await following();
    const [record] = ven.events();
    if (record === undefined) throw new Error("there is an event");
    expect(signalsAt(record, START + 10 * MINUTE - 1)).toEqual([]);
    expect(signalsAt(record, START + 20 * MINUTE)).toMatchObject([
      {
        signalName: "SIMPLE",
        signalType: "level",
        value: 3,
        startUnixMs: START + 20 * MINUTE,
        endUnixMs: START + 30 * MINUTE,
      },
      { signalName: "ELECTRICITY_PRICE", value: 0.25 },
    ]);
    expect(signalsAt(record, START + 40 * MINUTE)).toEqual([]);
  });
});
