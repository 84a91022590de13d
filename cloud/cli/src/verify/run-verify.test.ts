import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Day, playedDay } from "../../test/played-day.ts";
import { runVerify } from "./run-verify.ts";

let day: Day;
const directory = mkdtempSync(join(tmpdir(), "gridpact-verify-"));
const at = (name: string) => join(directory, name);

beforeAll(async () => {
  day = await playedDay("run-verify");
  writeFileSync(at("trust"), JSON.stringify(day.consortium));
  const [first = "", second = ""] = [...day.receipts.values()];
  writeFileSync(at("a.json"), first);
  writeFileSync(at("b.json"), second);
}, 300_000);

afterAll(() => rmSync(directory, { recursive: true }));

function run(paths: string[], json = false): { code: number; output: string } {
  let output = "";
  const code = runVerify(paths, { json, trustPath: at("trust") }, (text) => {
    output += text;
  });
  return { code, output };
}

describe("gridpact verify", () => {
  it("prints every step of one receipt", () => {
    const { code, output } = run([at("a.json")]);
    expect(code).toBe(0);
    expect(output.match(/✓/g)).toHaveLength(13);
    expect(output).toContain("The receipt holds: ");
  });

  it("takes a receipt in gzip as it takes its text, and a damaged one for none", () => {
    const [first = ""] = day.receipts.values();
    const packed = gzipSync(first);
    expect(packed.length).toBeLessThan(first.length / 5);
    const folder = mkdtempSync(join(tmpdir(), "gridpact-packed-"));
    writeFileSync(join(folder, "a.json.gz"), packed);
    expect(run([folder]).code).toBe(0);
    writeFileSync(join(folder, "a.json.gz"), packed.subarray(0, packed.length / 2));
    const { code, output } = run([folder]);
    rmSync(folder, { recursive: true });
    expect(code).toBe(1);
    expect(output).toContain("form         the packing is damaged, or there is too much in it");
  });

  it("prints a line for each of many, and what they come to", () => {
    const { code, output } = run([directory]);
    expect(code).toBe(0);
    expect(output.trimEnd().split("\n")).toHaveLength(3);
    expect(output).toContain("2 receipts: 2 hold, 0 do not");
  });

  it("exits with 1 and names the step when one of them does not hold", () => {
    const [first = ""] = day.receipts.values();
    writeFileSync(at("forged"), first.replace('"version":1', '"version":2'));
    const { code, output } = run([at("a.json"), at("forged")]);
    expect(code).toBe(1);
    expect(output).toContain(`✗ ${at("forged")}  form: $.version: must be 1`);
    expect(run([at("forged")]).output).toContain("The receipt does NOT hold: form failed.");
  });

  it("takes a file that is no text for no receipt", () => {
    writeFileSync(at("binary"), Buffer.from([0xff, 0xfe, 0x00]));
    const { code, output } = run([at("binary")]);
    expect(code).toBe(1);
    expect(output).toContain("no UTF-8");
  });

  it("writes one line of JSON for programs, integers as text", () => {
    const { code, output } = run([at("a.json")], true);
    expect(code).toBe(0);
    expect(output.endsWith("}\n")).toBe(true);
    const parsed = JSON.parse(output);
    expect(parsed).toMatchObject({ ok: true, receipts: [{ ok: true, path: at("a.json") }] });
    expect(typeof parsed.receipts[0].money.paidMicro).toBe("string");
  });

  it("says what is missing", () => {
    expect(() => run([at("nowhere.json")])).toThrow(/there is no such file/);
    expect(() => run([])).toThrow(/name a receipt/);
    const empty = mkdtempSync(join(directory, "empty-"));
    expect(() => run([empty])).toThrow(/holds no receipts/);
  });
});

describe("a trust file", () => {
  const trusted = (content: string) => {
    writeFileSync(at("other-trust"), content);
    return () => runVerify([at("a.json")], { json: false, trustPath: at("other-trust") }, () => undefined);
  };

  it("is refused when it is missing, no JSON, or says too little", () => {
    const options = { json: false, trustPath: at("none") };
    expect(() => runVerify([at("a.json")], options)).toThrow(/there is no such trust file/);
    expect(trusted("{")).toThrow(/not readable/);
    expect(trusted("null")).toThrow(/a trust file states/);
    expect(trusted(JSON.stringify({ ...day.consortium, orderers: undefined }))).toThrow(/a trust file states/);
  });

  it("is refused when it would let nobody's signature do", () => {
    expect(trusted(JSON.stringify({ ...day.consortium, orderers: [] }))).toThrow(/a trust file states/);
    expect(trusted(JSON.stringify({ ...day.consortium, endorsingOrganisationsMin: 0 }))).toThrow(/a trust file states/);
  });

  it("is refused when a certificate cannot be read", () => {
    const organisations = [{ mspId: "VnMSP", authorityPem: "none" }];
    expect(trusted(JSON.stringify({ ...day.consortium, organisations }))).toThrow(/certificate cannot be read/);
  });
});
