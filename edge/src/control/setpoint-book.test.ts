import type { Setpoint } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { bandAt, limitAt, SETPOINT_EVENTS_MAX, SETPOINT_LIMITS_MAX, SetpointBook } from "./setpoint-book.ts";

function setpoint(eventId: string, revision: number, ...limits: [number, number, bigint][]): Setpoint {
  return {
    eventId,
    revision,
    limits: limits.map(([start, end, importWMax]) => ({
      startUnixMs: BigInt(start),
      endUnixMs: BigInt(end),
      importWMax,
    })),
  };
}

describe("SetpointBook", () => {
  it("takes over the newer revision of an event and ignores the same and older ones", () => {
    const book = new SetpointBook();
    expect(book.accept(setpoint("e", 2, [0, 10, 5n]), 0)).toBeUndefined();
    expect(book.accept(setpoint("e", 2, [0, 10, 6n]), 0)).toBe("stale_revision");
    expect(book.accept(setpoint("e", 1, [0, 10, 6n]), 0)).toBe("stale_revision");
    expect(book.accept(setpoint("e", 3, [0, 10, 7n]), 0)).toBeUndefined();
    expect(limitAt(book.limits(), 9)).toBe(7n);
  });

  it("cancels an event's limits by an empty setpoint", () => {
    const book = new SetpointBook();
    book.accept(setpoint("e", 1, [0, 10, 5n]), 0);
    book.accept(setpoint("e", 2), 0);
    expect(book.limits()).toEqual([]);
  });

  it.each([
    ["no event", setpoint("", 1)],
    ["an empty interval", setpoint("e", 1, [5, 5, 0n])],
    ["an interval that runs backwards", setpoint("e", 1, [5, 4, 0n])],
    ["overlapping intervals", setpoint("e", 1, [0, 5, 0n], [4, 6, 0n])],
    ["intervals out of order", setpoint("e", 1, [5, 6, 0n], [0, 5, 0n])],
    ["an event name without end", setpoint("e".repeat(129), 1)],
  ])("refuses %s", (_name, malformed) => {
    expect(new SetpointBook().accept(malformed, 0)).toBe("malformed");
  });

  it("takes as many limits as its bound and refuses one more", () => {
    const many = (count: number) =>
      setpoint(
        "e",
        1,
        ...Array.from({ length: count }, (_, index): [number, number, bigint] => [index, index + 1, 0n]),
      );
    expect(new SetpointBook().accept(many(SETPOINT_LIMITS_MAX), 0)).toBeUndefined();
    expect(new SetpointBook().accept(many(SETPOINT_LIMITS_MAX + 1), 0)).toBe("malformed");
  });

  it("remembers as many events as its bound, and forgets only events that are over", () => {
    const book = new SetpointBook();
    for (let index = 0; index < SETPOINT_EVENTS_MAX; index++) {
      expect(book.accept(setpoint(`e${index}`, 1, [0, 10 + index, 0n]), 0)).toBeUndefined();
    }
    expect(book.accept(setpoint("one-more", 1, [0, 99, 0n]), 9)).toBe("too_many_events");
    expect(book.accept(setpoint("one-more", 1, [0, 99, 0n]), 10)).toBeUndefined();
    expect(book.setpoints().map(({ eventId }) => eventId)).not.toContain("e0");
  });
});

describe("bands of self-balancing", () => {
  const band = (revision: number, importWMin: bigint, importWMax: bigint): Setpoint => ({
    eventId: "self-balancing",
    revision,
    limits: [{ startUnixMs: 0n, endUnixMs: 10n, importWMax, balance: { importWMin, shiftsLoads: true } }],
  });

  it("are refused unless the owner lets the device take part", () => {
    expect(new SetpointBook().accept(band(1, 0n, 5n), 0)).toBe("not_taking_part");
    expect(new SetpointBook(true).accept(band(1, 0n, 5n), 0)).toBeUndefined();
  });

  it("are no limits, and hold from their start until their end", () => {
    const book = new SetpointBook(true);
    book.accept(band(1, -5n, 5n), 0);
    expect(limitAt(book.limits(), 5)).toBeUndefined();
    expect(bandAt(book.limits(), 9)).toEqual({ importWMin: -5n, importWMax: 5n, shiftsLoads: true });
    expect(bandAt(book.limits(), 10)).toBeUndefined();
  });

  it("are malformed when they are empty", () => {
    expect(new SetpointBook(true).accept(band(1, 6n, 5n), 0)).toBe("malformed");
  });
});

describe("limitAt", () => {
  const { limits } = setpoint("e", 1, [0, 10, 5n], [10, 20, 7n]);

  it("counts an interval's start in and its end out", () => {
    expect([-1, 0, 9, 10, 19, 20].map((at) => limitAt(limits, at))).toEqual([undefined, 5n, 5n, 7n, 7n, undefined]);
  });

  it("lets the lowest of overlapping limits hold", () => {
    expect(limitAt([...limits, ...setpoint("f", 1, [5, 15, 6n]).limits], 12)).toBe(6n);
  });
});
