import { readFileSync } from "node:fs";
import { verifyReceipt } from "./verify-receipt.ts";

const consortium = JSON.parse(readFileSync("/tmp/trust.json", "utf8"));
const [file, every, mode] = [process.argv[2]!, Number(process.argv[3]), process.argv[4]];
const text = readFileSync(file, "utf8");
const start = text.indexOf('"blocks":[');
const end = text.indexOf("]", start);
const hist: Record<string, number> = {};
let survivors = 0,
  n = 0;
let seed = 12345;
const rnd = (k: number) => {
  seed = (seed * 1103515245 + 12345) & 0x7fffffff;
  return (seed >> 8) % k;
};
const [lo, hi] = mode === "blocks" ? [start, end] : [0, text.length];
for (let at = lo + rnd(every); at < hi; at += 1 + rnd(2 * every - 1)) {
  if (mode !== "blocks" && at > start + 60 && at < end) at = end;
  const c = text[at]!;
  let d: string;
  if (/[0-9]/.test(c)) d = "0123456789"[(Number(c) + 1 + rnd(9)) % 10]!;
  else if (/[a-f]/.test(c)) d = "abcdef0123456789"[("abcdef".indexOf(c) + 1 + rnd(15)) % 16]!;
  else d = String.fromCharCode(c.charCodeAt(0) ^ (1 << rnd(7)));
  n++;
  const report = verifyReceipt(text.slice(0, at) + d + text.slice(at + 1), consortium);
  if (report.ok) {
    survivors++;
    console.log("SURVIVED", at, c, d, text.slice(at - 60, at + 40));
  } else {
    const l = report.steps.at(-1)!;
    hist[l.step] = (hist[l.step] ?? 0) + 1;
    if (n % 400 === 0) console.log(l.step, l.detail.slice(0, 160));
  }
}
console.log(n, "survivors", survivors, hist);
