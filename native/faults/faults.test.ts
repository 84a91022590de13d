import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { PLANTED_FAULTS } from "./faults.ts";

const source = (file: string) => readFileSync(fileURLToPath(new URL(`../${file}`, import.meta.url)), "utf8");

it.each(PLANTED_FAULTS)("$name: can still be planted, in one place only", ({ edits }) => {
  for (const { file, from, to } of edits) {
    expect(source(file).split(from), `${file}: ${from}`).toHaveLength(2);
    expect(to).not.toBe(from);
  }
});
