import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CHECKS_3 } from "../src/conformance3/checks3.ts";
import { CHECKS } from "../src/conformance20b/checks.ts";
import { RULE_CHAPTERS } from "./profile-rules.ts";

const root = join(import.meta.dirname, "..");
const rules = RULE_CHAPTERS.flatMap((chapter) => chapter.rules);

describe("the list of rules", () => {
  it.each(rules)("names tests that exist: $rule", ({ tests }) => {
    for (const [file, names] of Object.entries(tests)) {
      const source = readFileSync(join(root, file), "utf8");
      for (const name of names) expect(source).toContain(`"${name}"`);
    }
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
