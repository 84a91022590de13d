import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { REPOSITORY_ROOT, trackedFiles } from "./tracked-files.ts";

const BANNED_NAMES = ["util", "utils", "common", "helper", "helpers", "shared", "misc", "lib", "base", "core"];
const FILE_LINES_MAX = 400;
const LINE_LENGTH_MAX = 120;

/** Written by a generator or a tool, or copied with its licence from where it is kept. */
const NOT_OURS = /(^|\/)(gen|vectors|specification)\/|package-lock\.json$|Cargo\.lock$|^edge\/data\/|^LICENSE$/;

const files = trackedFiles().filter((file) => !NOT_OURS.test(file));
const sources = files.filter((file) => /\.(ts|mjs|rs|go|js)$/.test(file));

function linesOf(file: string): string[] {
  return readFileSync(join(REPOSITORY_ROOT, file), "utf8").split("\n");
}

/** Every line of the given files that a rule finds fault with, as `file:line`. */
function faults(among: string[], isFault: (line: string, file: string) => boolean): string[] {
  return among.flatMap((file) =>
    linesOf(file).flatMap((line, index) => (isFault(line, file) ? [`${file}:${index + 1}`] : [])),
  );
}

describe("names", () => {
  it("say what is inside: no drawer for this and that", () => {
    const drawers = files.filter((file) =>
      file.split("/").some((part, index, parts) => {
        const name = index === parts.length - 1 ? part.replace(/\..*$/, "") : part;
        return BANNED_NAMES.includes(name) && !file.endsWith("src/lib.rs");
      }),
    );
    expect(drawers).toEqual([]);
  });

  it("never leave a unit in doubt", () => {
    // Spelled in pieces, so that the rule does not find itself.
    const ambiguous = new RegExp(`\\b\\w*${"M"}wh\\b|\\b${"m"}wh\\b`);
    expect(faults(sources, (line) => ambiguous.test(line))).toEqual([]);
  });

  it("keep MQTT topics in one file", () => {
    const literal = `"grid${"pact/v1"}`;
    const elsewhere = sources.filter((file) => !file.startsWith("loadtest/") && !/\.test\.ts$/.test(file));
    expect(faults(elsewhere, (line, file) => line.includes(literal) && file !== "proto/src/topics.ts")).toEqual([]);
  });
});

describe("size", () => {
  it("of a source file fits the limit", () => {
    expect(sources.filter((file) => linesOf(file).length > FILE_LINES_MAX + 1)).toEqual([]);
  });

  it("of a source line fits the limit", () => {
    expect(faults(sources, (line) => line.length > LINE_LENGTH_MAX && !line.includes("://"))).toEqual([]);
  });
});

describe("source", () => {
  it("leaves no bare to-do, and no test that does not run", () => {
    const open = new RegExp(`\\b(${["TO" + "DO", "FIX" + "ME", "X" + "XX"].join("|")})\\b(?!\\(#\\d+\\))`);
    expect(faults(sources, (line) => open.test(line))).toEqual([]);
    const skipped = new RegExp(`\\b(it|test|describe)\\.(${["sk" + "ip", "on" + "ly", "to" + "do"].join("|")})\\(`);
    expect(faults(sources, (line) => skipped.test(line))).toEqual([]);
  });

  it("reads the environment in config.ts only", () => {
    const reads = (line: string) => line.includes(`process.${"env"}`);
    const elsewhere = sources.filter((file) => !/(config|\.test)\.ts$/.test(file) && !/^(test|.*\/test)\//.test(file));
    expect(faults(elsewhere, (line, file) => reads(line) && !file.endsWith(".mjs"))).toEqual([]);
  });

  it("names no path of a machine and no registry", () => {
    const machine = new RegExp(`["'\`\\s(](/${"work"}|/${"root"}|/${"home"}|/${"Users"})/`);
    const registry = new RegExp(`registry\\.${"npmjs"}|proxy\\.${"golang"}|repo1\\.${"maven"}`);
    expect(faults(files, (line) => machine.test(line) || registry.test(line))).toEqual([]);
  });
});

describe("package-lock.json", () => {
  it("names no host to download from", () => {
    expect(faults(["package-lock.json"], (line) => /"resolved": "https?:/.test(line))).toEqual([]);
  });
});

describe("glossary", () => {
  it("defines each term once", () => {
    const terms = linesOf("docs/glossary.md").flatMap((line) => /^\| \*\*(.+?)\*\* \|/.exec(line)?.[1] ?? []);
    expect(terms.length).toBeGreaterThan(20);
    expect(terms.filter((term, index) => terms.indexOf(term) !== index)).toEqual([]);
  });
});
