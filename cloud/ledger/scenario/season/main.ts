/** `npm run bench:audit`: see `--help`. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readOptions } from "@gridpact/host";
import { auditSeason, type MemorySample, type SeasonAudit } from "./audit-season.ts";
import { writeSeason } from "./write-season.ts";

const values = readOptions({
  command: "npm run bench:audit --",
  about:
    "Plays a season on the embedded ledger, then audits it in a process of its own, whose memory is nothing but the " +
    "audit's. Exits with 1 when the audit finds anything.",
  options: {
    settlements: { kind: "count", byDefault: 1_000_000, says: "in the season" },
    devices: { kind: "count", byDefault: 10_000, says: "that are settled by turns" },
    seed: { kind: "text", byDefault: "season", says: "draws keys and readings" },
    season: { kind: "text", says: "directory that keeps the season, or that has one, which is then audited at once" },
    json: { kind: "text", says: "file for the result" },
    "audit-only": { kind: "text", says: "directory of a season: only prints the audit's result" },
  },
});
const { settlements } = values;
const auditOnly = values["audit-only"];
if (auditOnly === undefined) await playAndAudit();
else process.stdout.write(JSON.stringify(await auditSeason(auditOnly, settlements, sayWhere)));

async function playAndAudit(): Promise<void> {
  const parent = mkdtempSync(join(tmpdir(), "gridpact-season-"));
  const directory = values.season ?? join(parent, "season");
  try {
    if (!existsSync(directory)) await play(directory);
    const result = auditApart(directory);
    process.stdout.write(`${JSON.stringify(result)}\n`);
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
  } finally {
    rmSync(parent, { recursive: true });
  }
}

/** Under another name until it is whole, so that half a season is never audited for a whole one. */
async function play(directory: string): Promise<void> {
  const unfinished = `${directory}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const options = { settlements, devices: values.devices, seed: values.seed };
  const startedAtMs = performance.now();
  await writeSeason(options, unfinished, (settled) => {
    const seconds = ((performance.now() - startedAtMs) / 1_000).toFixed(0);
    const residentMb = (process.memoryUsage.rss() / 1_048_576).toFixed(0);
    process.stderr.write(`${settled} settlements played, ${seconds} s, ${residentMb} MB\n`);
  });
  renameSync(unfinished, directory);
}

function sayWhere({ blocks, seconds, residentMb, heapMb }: MemorySample): void {
  process.stderr.write(`${blocks} blocks audited, ${seconds.toFixed(0)} s, ${residentMb} MB, heap ${heapMb} MB\n`);
}

function auditApart(directory: string): SeasonAudit {
  const flags = ["--audit-only", directory, "--settlements", `${settlements}`];
  const { status, stdout } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), ...flags], {
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`the audit ended with status ${status}`);
  return JSON.parse(stdout) as SeasonAudit;
}
