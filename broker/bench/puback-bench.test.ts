import { expect, it } from "vitest";
import { benchPuback, TINY } from "./puback.bench.ts";

it("runs in its tiny size, and stores what it acknowledges", async () => {
  const count = TINY.devices * TINY.envelopesPerDevice;
  expect(await benchPuback("twin", TINY)).toMatchObject({ engine: "twin", acknowledged: count, stored: count });
});
