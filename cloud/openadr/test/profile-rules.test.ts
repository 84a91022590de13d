import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CHECKS_3 } from "../src/conformance3/checks3.ts";
import { CHECKS } from "../src/conformance20b/checks.ts";
import { RULE_CHAPTERS_3 } from "./profile-rules3.ts";
import { RULE_CHAPTERS_20B } from "./profile-rules20b.ts";

const root = join(import.meta.dirname, "..");
const RULE_CHAPTERS = [...RULE_CHAPTERS_20B, ...RULE_CHAPTERS_3];
const rules = RULE_CHAPTERS.flatMap((chapter) => chapter.rules);

/** Tests of what a peer sees of a profile: each of them holds a rule. */
const SERVICES = [
  "test/registration.test.ts",
  "test/events.test.ts",
  "test/reports.test.ts",
  "test/vtn-reports.test.ts",
  "test/opts.test.ts",
  "test/push.test.ts",
  "test/openadr3.test.ts",
  "test/routes301.test.ts",
  "test/notifications.test.ts",
  "test/mqtt-topics.test.ts",
  "test/ven3.test.ts",
];

/** What these tests hold besides: limits and conveniences that no profile speaks of. */
const OWN_BOUNDS: ReadonlySet<string> = new Set([
  "are bounded in number",
  "are changed and cancelled only until they are over",
  "stay within their bounds, whatever a VEN asks for and however seldom it polls",
]);

describe("the list of rules", () => {
  it.each(rules)("names tests that exist: $rule", ({ tests }) => {
    for (const [file, names] of Object.entries(tests)) {
      const source = readFileSync(join(root, file), "utf8");
      for (const name of names) expect(source).toContain(`"${name}"`);
    }
  });

  it("names each test once: a rule has its own", () => {
    const named = rules.map(({ rule }) => rule);
    expect(named.filter((rule, at) => named.indexOf(rule) !== at)).toEqual([]);
  });

  it.each(SERVICES)("has a rule for every test of %s, but for those of its own bounds", (file) => {
    const named = new Set(rules.flatMap(({ tests }) => tests[file] ?? []));
    const source = readFileSync(join(root, file), "utf8");
    const written = [...source.matchAll(/^ {2}(?:it\(|\](?: as [^)]*)?\)\()"([^"]*)"/gm)].map(([, name = ""]) => name);
    expect(written.length).toBeGreaterThan(0);
    expect(written.filter((name) => !named.has(name) && !OWN_BOUNDS.has(name))).toEqual([]);
  });

  it("is what RULES.md says; `npx vitest run --project openadr -u` writes it", async () => {
    await expect(toMarkdown()).toMatchFileSnapshot(join(root, "RULES.md"));
  });
});

function toMarkdown(): string {
  const chapters = RULE_CHAPTERS.map((chapter) => {
    const lines = chapter.rules.map(({ rule, tests }) => {
      const held = Object.entries(tests).map(([file, names]) => `\`${file}\`: ${names.join("; ")}`);
      return `| ${rule} | ${held.join("<br>")} |`;
    });
    return [`## ${chapter.title}`, "", "| rule | held by |", "| --- | --- |", ...lines].join("\n");
  });
  const toList = (checks: readonly { readonly id: string; readonly rule: string }[]) =>
    checks.map(({ id, rule }) => `- \`${id}\`: ${rule}`).join("\n");
  return [
    "# Rules and what holds them",
    "The rules of the profiles in our words, each with the tests that fail when it is broken.",
    "Written from `test/profile-rules.ts`; do not edit here.",
    ...chapters,
    "## What the conformance suite checks from outside (2.0b)",
    toList(CHECKS),
    "## What the conformance suite checks from outside (3.1)",
    toList(CHECKS_3),
    "",
  ]
    .join("\n\n")
    .trimEnd()
    .concat("\n");
}
