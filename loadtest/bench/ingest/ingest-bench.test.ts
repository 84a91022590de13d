import { expect, it } from "vitest";
import { isGoThere } from "../../src/generator/index.ts";
import { TINY } from "./ingest-size.ts";
import { type IngestReport, runIngest } from "./run-ingest.ts";

const hasGo = isGoThere();
if (!hasGo)
  process.stdout.write("Ingest benchmark not run: there is no go on PATH to build the load generator with.\n");

it.runIf(hasGo)("runs in its tiny size: everything sent is acknowledged, accepted and stored", async () => {
  const reports: number[] = [];
  const report = await runIngest({
    size: TINY,
    // The twin is there on every machine; that both engines agree is tested beside them.
    hosts: ["twin"],
    store: { kind: "sqlite" },
    progress: () => undefined,
    onRows: ({ rows }: IngestReport) => reports.push(rows.length),
  });
  expect(report.rows.map(({ host, readings, rounds }) => ({ host, readings, rounds }))).toEqual(
    TINY.cases.map(({ readings }) => ({ host: "twin", readings, rounds: TINY.rounds })),
  );
  expect(reports).toEqual([1, 2]);
  expect(Object.keys(report.stocks)).toEqual(["1", "10"]);
});
