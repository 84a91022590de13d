import { gzipSync } from "node:zlib";
import { SeededRandom } from "@gridpact/host";
import { BlockProver, verifyReceiptBytes } from "@gridpact/ledger/receipts";
import { canonicalJson } from "@gridpact/settlement";
import { beforeAll, describe, expect, it } from "vitest";
import { type Day, playedDay } from "../played-day.ts";
import { browserChecker, builtChecker, type FileChecker, findBrowser, realmChecker } from "./checker.ts";

const SEED = "browser";
/** Places in the receipt where a byte is changed: every part of it is hit, blocks most of all. */
const CHANGES = 160;

let day: Day;
let script: string;
let files: Uint8Array[];
let expected: Report[];

type Report = { ok: boolean; steps: { step: string; ok: boolean; detail: string }[]; money: unknown; subject: unknown };

beforeAll(async () => {
  day = await playedDay(SEED);
  script = builtChecker();
  files = [...[...day.receipts.values()].map((text) => gzipSync(text)), ...damaged()];
  const prover = new BlockProver(day.consortium);
  expected = files.map((file) => JSON.parse(canonicalJson(verifyReceiptBytes(file, prover))) as Report);
}, 120_000);

/** The smallest receipt with one byte changed each time, and files that are no receipts. */
function damaged(): Buffer[] {
  const random = new SeededRandom(SEED);
  const text = [...day.receipts.values()].sort((left, right) => left.length - right.length)[0] ?? "";
  const sections = Object.keys(JSON.parse(text) as object);
  const changed = Array.from({ length: CHANGES }, (_, index) => {
    const bytes = Buffer.from(text);
    // Half of them anywhere, half of them soon after the beginning of a part, which are small but for the blocks.
    const from = text.indexOf(`"${sections[index % sections.length]}":`);
    const at = index % 2 === 0 ? random.below(bytes.length) : Math.min(from + random.below(60), bytes.length - 1);
    bytes[at] = otherDigit(bytes[at] ?? 0, random);
    return bytes;
  });
  const packed = gzipSync(text);
  const tooMuch = gzipSync(Buffer.alloc(65 * 1024 * 1024));
  const other = [Buffer.from(""), Buffer.from("{}"), Buffer.from(` ${text}`), Buffer.from([0xff, 0xfe])];
  return [...changed, packed.subarray(0, -20), Buffer.from(packed.fill(7, 900, 903)), tooMuch, ...other];
}

/** Mostly another digit or letter, which leaves the JSON whole. */
function otherDigit(byte: number, random: SeededRandom): number {
  const digits = "0123456789abcdef";
  const digit = digits.indexOf(String.fromCharCode(byte));
  if (digit === -1) return byte ^ (1 << random.below(7));
  return digits.charCodeAt((digit + 1 + random.below(9)) % (digit < 10 ? 10 : 16));
}

async function expectSame(check: FileChecker): Promise<void> {
  const reports = (await check(JSON.stringify(day.consortium), files)).map((text) => JSON.parse(text) as Report);
  expect(reports).toHaveLength(expected.length);
  for (const [index, report] of reports.entries()) {
    const { ok, steps, money, subject } = report;
    expect({ ok, money, subject, steps: steps.map(outline) }, `file ${index}`).toEqual({
      ...expected[index],
      steps: expected[index]?.steps.map(outline),
    });
  }
}

/** Of a step that fails because bytes make no sense each engine says in its own words where. */
function outline({ step, ok, detail }: Report["steps"][number]) {
  return ok ? { step, ok, detail } : { step, ok };
}

describe("verification in a browser", () => {
  it("has receipts to hold and changes to find, in many steps", () => {
    const held = expected.filter(({ ok }) => ok);
    expect(held).toHaveLength(day.receipts.size);
    const failed = new Set(expected.filter(({ ok }) => !ok).map(({ steps }) => steps.at(-1)?.step));
    expect(failed.size).toBeGreaterThanOrEqual(6);
  });

  it("finds what Node.js finds, step by step, in a realm without Node.js", async () => {
    await expectSame(realmChecker(script));
  }, 240_000);

  it("finds the same in Chromium", async () => {
    const browser = findBrowser();
    if (browser === undefined) {
      process.stdout.write("browser: there is no Chromium on PATH; the built script was run in a realm alone\n");
      return expect(script).not.toBe("");
    }
    await expectSame(browserChecker(script, browser));
  }, 240_000);

  it("contains no call of Node.js, and no text that a page's policy would not let run", () => {
    expect(script).not.toMatch(/\brequire\(|from\s*["'`]node:|\beval\(/);
  });
});
