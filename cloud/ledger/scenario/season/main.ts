/**
 * `npm run bench:audit -- [--settlements 1000000] [--devices 10000] [--seed S] [--json FILE] [--season DIR]`: plays a
 * season on the embedded ledger, then audits it in a process of its own, whose memory is nothing but the audit's. With
 * --season it is kept in that directory, or audited at once if it is there.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { auditSeason, type SeasonAudit } from "./audit-season.ts";
import { writeSeason } from "./write-season.ts";

const { values } = parseArgs({
  options: {
    settlements: { type: "string", default: "1000000" },
    devices: { type: "string", default: "10000" },
    seed: { type: "string", default: "season" },
    json: { type: "string" },
    season: { type: "string" },
    /** Of this command itself: audit what lies there and print the result. */
    "audit-only": { type: "string" },
  },
});
const settlements = Number(values.settlements);
const auditOnly = values["audit-only"];
if (auditOnly === undefined) await playAndAudit();
else process.stdout.write(JSON.stringify(await auditSeason(auditOnly, settlements)));

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
  const options = { settlements, devices: Number(values.devices), seed: values.seed };
  await writeSeason(options, unfinished, (settled) => void process.stderr.write(`${settled} settlements played\n`));
  renameSync(unfinished, directory);
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
