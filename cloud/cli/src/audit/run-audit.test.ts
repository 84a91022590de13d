import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VirtualClock } from "@gridpact/host";
import { ProofThread } from "@gridpact/ledger";
import { checkVerdict } from "@gridpact/ledger/receipts";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Day, moneyActsOf, playedDay, provenBlocksOf } from "../../test/played-day.ts";
import { writeConsortium } from "../consortium/consortium-files.ts";
import { openDataDirectory } from "../process/data-directory.ts";
import { runAudit } from "./run-audit.ts";
import { runVerifyAudit } from "./run-verify-audit.ts";

/** Within the certificates of a played day. */
const MADE_AT_UNIX_MS = Date.parse("2016-02-01T00:00:00Z");

let day: Day;
const parent = mkdtempSync(join(tmpdir(), "gridpact-audit-"));
const dataDirectory = join(parent, "data");

/** Lays a played day down as the running system does. */
beforeAll(async () => {
  day = await playedDay("run-audit");
  const data = openDataDirectory(dataDirectory, { isFresh: false });
  for (const directory of ["ledger/ledger", "vn-district/agent/receipts"]) {
    mkdirSync(data.at(directory), { recursive: true });
  }
  writeConsortium(data, day.members);
  for (const name of await day.ledgerDisk.list("ledger")) {
    writeFileSync(data.at("ledger", "ledger", name), (await day.ledgerDisk.read(`ledger/${name}`)) ?? "");
  }
  for (const [party, disk] of day.partyDisks) {
    mkdirSync(data.at(party, "outbox"), { recursive: true });
    for (const name of await disk.list("outbox")) {
      writeFileSync(data.at(party, "outbox", name), (await disk.read(`outbox/${name}`)) ?? "");
    }
  }
  for (const [index, receipt] of [...day.receipts.values()].entries()) {
    writeFileSync(data.at("vn-district", "agent", "receipts", `${index}.json`), receipt);
  }
}, 300_000);

afterAll(() => rmSync(parent, { recursive: true }));

async function run(json = false, outPath?: string): Promise<{ code: number; output: string }> {
  let output = "";
  const write = (text: string) => {
    output += text;
  };
  const out = outPath === undefined ? {} : { outPath };
  const code = await runAudit({ dataDirectory, json, ...out }, { write, clock: new VirtualClock(MADE_AT_UNIX_MS) });
  return { code, output };
}

describe("gridpact audit", () => {
  it("passes a data directory in which everything follows, receipts too", async () => {
    const { code, output } = await run();
    expect(code).toBe(0);
    expect(output).toContain("PASS");
    expect(output).toMatch(new RegExp(`receipts +${day.receipts.size} hold, 0 do not`));
  });

  it("agrees with the receipts about what was paid to devices", async () => {
    const { code, output } = await run(true);
    expect(code).toBe(0);
    const { ok, receipts, money, findingsTotal } = JSON.parse(output);
    expect({ ok, findingsTotal }).toEqual({ ok: true, findingsTotal: 0 });
    // The rest was paid to virtual nodes.
    expect(BigInt(receipts.paidMicro)).toBeGreaterThan(0n);
    expect(BigInt(receipts.paidMicro)).toBeLessThan(BigInt(money.paidMicro));
  });

  it("compares every outbox with the ledger, and leaves it as it was", async () => {
    const path = join(dataDirectory, "aggregator", "outbox", "00000000000000000000.log");
    const before = readFileSync(path);
    const { code, output } = await run(true);
    expect(code).toBe(0);
    const { outboxes } = JSON.parse(output);
    expect(outboxes).toMatchObject({
      ok: true,
      outboxes: 3,
      discrepanciesTotal: 0,
      moneyNotCompared: 0,
      pendingTotal: 0,
    });
    expect(outboxes.matched).toBeGreaterThan(10);
    expect(outboxes.moneyMatched).toBe(moneyActsOf(await provenBlocksOf(day)));
    expect(readFileSync(path)).toEqual(before);
  });

  it("fails for an outbox that lost its last steps, and names what no key stands for", async () => {
    const path = join(dataDirectory, "aggregator", "outbox", "00000000000000000000.log");
    const whole = readFileSync(path);
    writeFileSync(path, new Uint8Array());
    const { code, output } = await run();
    writeFileSync(path, whole);
    expect(code).toBe(1);
    expect(output).toMatch(/✗ outbox of aggregator: no key [0-9a-f]{64}\n.*\n +found +\S+ moved money in block \d+/);
  });

  it("ends its thread also when an outbox cannot be read", async () => {
    const path = join(dataDirectory, "aggregator", "outbox", "00000000000000000000.log");
    const whole = readFileSync(path);
    const damaged = Buffer.from(whole);
    damaged[whole.length >> 1] = (damaged[whole.length >> 1] ?? 0) ^ 1;
    writeFileSync(path, damaged);
    const close = vi.spyOn(ProofThread.prototype, "close");
    await expect(run()).rejects.toThrow(/aggregator\/outbox/);
    expect(close).toHaveBeenCalledOnce();
    close.mockRestore();
    writeFileSync(path, whole);
  });

  it("fails for a receipt that was changed, and says which", async () => {
    const path = join(dataDirectory, "vn-district", "agent", "receipts", "0.json");
    const [first = ""] = day.receipts.values();
    writeFileSync(path, first.replace('"version":1', '"version":2'));
    const { code, output } = await run();
    writeFileSync(path, first);
    expect(code).toBe(1);
    expect(output).toContain(`✗ ${path}`);
    expect(output).toContain("FAIL");
  });

  it("signs its verdict as the auditor, and verify-audit believes it", async () => {
    const path = join(parent, "verdict.json");
    const { code } = await run(false, path);
    expect(code).toBe(0);
    const first = readFileSync(path, "utf8");
    await run(true, path);
    expect(readFileSync(path, "utf8")).toBe(first);
    let output = "";
    const trustPath = join(dataDirectory, "consortium", "trust.json");
    const verify = (json: boolean) =>
      runVerifyAudit({ path, trustPath, json }, (text) => {
        output += text;
      });
    expect(verify(false)).toBe(0);
    expect(output).toMatch(/^✓ PASS .*embedded ledger of \d+ blocks, head [0-9a-f]{64}, 0 findings; signed by/);
    output = "";
    writeFileSync(path, first.replace(/"signatureHex":"../, '"signatureHex":"ff'));
    expect(verify(true)).toBe(1);
    expect(JSON.parse(output)).toMatchObject({ ok: false, reason: "SIGNER", detail: "SIGNATURE_INVALID" });
    expect(() => runVerifyAudit({ path: join(parent, "none"), trustPath, json: false })).toThrow(/cannot be read/);
  });

  it("signs a FAIL just as well", async () => {
    const path = join(parent, "fail.json");
    const receipt = join(dataDirectory, "vn-district", "agent", "receipts", "0.json");
    const whole = readFileSync(receipt);
    writeFileSync(receipt, "{}");
    const { code } = await run(false, path);
    writeFileSync(receipt, whole);
    expect(code).toBe(1);
    const check = checkVerdict(readFileSync(path, "utf8"), day.consortium);
    expect(check).toMatchObject({ ok: true, verdict: { ok: false, findingsTotal: 0 } });
  });

  it("does not begin when nobody could sign", async () => {
    const members = join(dataDirectory, "consortium", "members");
    renameSync(members, `${members}.away`);
    await expect(run(false, join(parent, "unsigned.json"))).rejects.toThrow(/no auditor's key/);
    renameSync(`${members}.away`, members);
    expect(existsSync(join(parent, "unsigned.json"))).toBe(false);
  });

  it("says what is missing", async () => {
    const options = { dataDirectory: join(parent, "none"), json: false };
    await expect(runAudit(options)).rejects.toThrow(/no Gridpact data directory/);
    openDataDirectory(join(parent, "none"), { isFresh: false });
    await expect(runAudit(options)).rejects.toThrow(/there is no ledger/);
  });
});
