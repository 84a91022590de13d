import { expect, it } from "vitest";
import { benchEngines, TINY } from "./engine.bench.ts";

it("runs in its tiny size, and every engine that is there comes to the same result", async () => {
  const rows = await benchEngines(TINY);
  const twins = rows.filter(({ engine }) => engine === "twin");
  expect(twins.map(({ readingsPerEnvelope }) => readingsPerEnvelope)).toEqual([1, 10, 60]);
  for (const row of rows) {
    const twin = twins.find(({ readingsPerEnvelope }) => readingsPerEnvelope === row.readingsPerEnvelope);
    expect(row.resultHash).toBe(twin?.resultHash);
  }
});
