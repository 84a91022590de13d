import { SeededRandom } from "@gridpact/host";
import { expect, test } from "vitest";
import { openEmbeddedWorld } from "../embedded-world.ts";
import { benchSettlement } from "./settlement-bench.ts";

test("the bench of settlement still measures what it says, without a conflict", async () => {
  const world = await openEmbeddedWorld(new SeededRandom("bench"));
  const result = await benchSettlement(world, { feids: 5, name: "tiny" });
  expect(result).toMatchObject({ ledger: "embedded", feids: 5, mvccConflicts: 0 });
  // SC1 set up and accepted; money set aside, a chunk offered and accepted; an anchor; chunk and SC1 settled, and paid.
  expect(result.transactions).toBe(10);
  expect(result.settledFeidsPerSecond).toBeGreaterThan(0);
  await world.close();
});
