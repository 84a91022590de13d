import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { auditSeason } from "./audit-season.ts";
import { writeSeason } from "./write-season.ts";

const TINY = { settlements: 7, devices: 3, seed: "tiny" };

it("a season of several events holds when it is audited, and the same seed plays the same one", async () => {
  const parent = mkdtempSync(join(tmpdir(), "gridpact-season-"));
  const heads: string[] = [];
  for (const name of ["first", "second"]) {
    const told: number[] = [];
    await writeSeason(TINY, join(parent, name), (settled) => told.push(settled));
    expect(told).toEqual([3, 6, 7]);
    const audit = await auditSeason(join(parent, name), TINY.settlements);
    expect(audit.memory.at(-1)?.blocks).toBe(audit.blocks);
    heads.push(audit.headHashHex);
  }
  expect(heads[0]).toBe(heads[1]);
  await expect(auditSeason(join(parent, "first"), 8)).rejects.toThrow(/7 !== 8/);
  rmSync(parent, { recursive: true });
}, 60_000);
