import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { REPOSITORY_ROOT } from "../tidy/tracked-files.ts";
import { parseCommandLine } from "./command-line.ts";

const read = (path: string) => readFileSync(join(REPOSITORY_ROOT, path), "utf8");

const page = read("docs/operations.md");

/** Shell blocks of the page. */
const blocks = [...page.matchAll(/^```sh\n(.*?)^```/gms)].map((match) => match[1] ?? "");

type Metric = { name: string; kind: string; help: string };

/** The same of the aggregator, which has two ways of its own to define one. */
function aggregatorMetrics(): Metric[] {
  const call = /(?:perNode|#(gauge|counter))\(\s*"(gridpact_\w+)",\s*"([^"]+)"/;
  const object = /new Gauge\(\{\s*name: "(gridpact_\w+)",\s*help: "([^"]+)"/;
  const source = read("cloud/aggregator/src/metrics.ts");
  return [...source.matchAll(new RegExp(`${call.source}|${object.source}`, "g"))].map(
    ([, kind = "gauge", called, said, named = "", help = ""]) => ({ name: called ?? named, kind, help: said ?? help }),
  );
}

/** The definitions in the source: what virtual node and aggregator really serve. */
function definedMetrics(): Metric[] {
  const source = read("broker/src/health/metrics.ts");
  const definition = /(counter|gauge)\(\s*"(gridpact_\w+)",\s*"([^"]+)"/g;
  const definitions = source.matchAll(definition);
  const ofAgent = read("broker/src/agent-page/agent-metrics.ts").matchAll(definition);
  const ofBalance = read("broker/src/agent-page/balance-metrics.ts").matchAll(
    /name: "(gridpact_\w+)",\s*help: "([^"]+)"/g,
  );
  const puback = /new BucketCounts\(\{\s*name: "(\w+)",\s*help: "([^"]+)"/.exec(source);
  return [
    ...[...definitions].map(([, kind = "", name = "", help = ""]) => ({ name, kind, help })),
    { name: puback?.[1] ?? "", kind: "histogram", help: puback?.[2] ?? "" },
    ...[...ofAgent].map(([, kind = "", name = "", help = ""]) => ({ name, kind, help })),
    ...[...ofBalance].map(([, name = "", help = ""]) => ({ name, kind: "gauge", help })),
    ...aggregatorMetrics(),
  ];
}

function documentedMetrics(): Metric[] {
  const rows = page.matchAll(/^\| `(gridpact_\w+)` \| (\w+)[^|]* \| (.+) \|$/gm);
  return [...rows].map(([, name = "", kind = "", help = ""]) => ({ name, kind, help }));
}

describe("docs/operations.md", () => {
  it("lists the metrics that virtual node and aggregator serve, with kind and meaning, and no other", () => {
    const defined = definedMetrics();
    expect(defined.length).toBeGreaterThan(20);
    expect(documentedMetrics()).toEqual(defined);
  });

  it("speaks of no metric that does not exist", () => {
    const names = new Set(definedMetrics().map(({ name }) => name));
    const spokenOf = [...page.matchAll(/gridpact_(?!napi)\w+/g)].map(([name]) => name);
    expect(spokenOf.filter((name) => !names.has(name))).toEqual([]);
  });

  const commands = [...`${page}\n${read("docs/receipts.md")}`.matchAll(/npx gridpact ([^`\n]+)/g)].map((match) =>
    (match[1] ?? "").trim(),
  );

  it.each(commands)("gridpact takes: %s", (command) => {
    expect(parseCommandLine(command.split(/\s+/)).name).toBe(command.split(" ")[0]);
  });

  it("issues an enrolment token as it says", () => {
    const script = blocks.map((block) => /^node --input-type=module -e '(.*?)'$/ms.exec(block)?.[1]).find(Boolean);
    const directory = mkdtempSync(join(tmpdir(), "gridpact-token-"));
    try {
      const args = ["--input-type=module", "-e", (script ?? "").replace("./site/vn-district", directory)];
      const token = execFileSync(process.execPath, args, { cwd: REPOSITORY_ROOT, encoding: "utf8" });
      expect(token).toMatch(/^[\w-]{32}$/);
      expect(readdirSync(join(directory, "enrolment", "tokens")).length).toBe(1);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe("the load test", () => {
  it("reads counters that a virtual node has", () => {
    const names = new Set(definedMetrics().map(({ name }) => name));
    const readNames = [...read("loadtest/k6/virtual-node.js").matchAll(/sumOf\(page, "(\w+)"/g)].map(
      (match) => match[1],
    );
    expect(readNames.length).toBeGreaterThanOrEqual(8);
    expect(readNames.filter((name) => !names.has(name ?? ""))).toEqual([]);
  });
});
