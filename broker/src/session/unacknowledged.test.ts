import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Unacknowledged } from "./unacknowledged.ts";

describe("Unacknowledged", () => {
  it("gives back what was pushed, oldest first, however pushes and drops are mixed", () => {
    const steps = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 65_535 })), { maxLength: 200 });
    fc.assert(
      fc.property(steps, (mixed) => {
        const ring = new Unacknowledged();
        const expected: number[] = [];
        for (const [isPush, packetId] of mixed) {
          if (isPush || expected.length === 0) {
            ring.push(packetId, 2 * packetId);
            expected.push(packetId);
          } else {
            expect([ring.packetId(), ring.receivedAtUnixMs()]).toEqual([expected[0], 2 * (expected[0] as number)]);
            ring.dropOldest();
            expected.shift();
          }
          expect(ring.count()).toBe(expected.length);
        }
      }),
    );
  });
});
