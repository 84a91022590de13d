import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { SeededRandom, silentLog, VirtualClock } from "@gridpact/host";
import { parseTrust } from "@gridpact/ledger/receipts";
import { expect, it } from "vitest";
import { consortiumMembers, makeConsortium, validityFor } from "../consortium/consortium.ts";
import { receiptApp } from "./receipt-app.ts";

const clock = new VirtualClock(Date.UTC(2016, 0, 28));
const consortium = makeConsortium(consortiumMembers(["district"], ["localhost"]), {
  random: new SeededRandom("receipt-app"),
  clock,
  validity: validityFor([clock]),
});

it("is the folder that was built, with the consortium as whom to trust", () => {
  const folder = mkdtempSync(join(tmpdir(), "gridpact-app-"));
  writeFileSync(join(folder, "index.html"), "");
  const app = receiptApp(consortium, silentLog, pathToFileURL(`${folder}/`));
  expect(app?.files).toEqual(["index.html"]);
  expect(parseTrust(app?.texts["trust.json"] ?? "").organisations).toHaveLength(consortium.authorities.size);
  rmSync(folder, { recursive: true });
});

it("is not there when nobody has built it, which is said with what builds it", () => {
  const warnings: unknown[] = [];
  const log = { ...silentLog, warn: (...said: unknown[]) => warnings.push(said) };
  expect(receiptApp(consortium, log, new URL("file:///nowhere/"))).toBeUndefined();
  expect(warnings).toEqual([["receipt_page_not_built", { builtBy: "npm run setup" }]]);
});
