import { linkSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { modeOf, temporaryFolder } from "../../test/temporary-data.ts";
import { replaceFile } from "./replace-file.ts";

const folder = temporaryFolder({ beforeEach, afterEach });

test("a file is replaced by another one, never emptied or written over", () => {
  const path = join(folder(), "state");
  replaceFile(path, "old");
  // A second name of the first file shows what became of its bytes.
  linkSync(path, join(folder(), "witness"));
  replaceFile(path, "new");
  expect(readFileSync(path, "utf8")).toBe("new");
  expect(readFileSync(join(folder(), "witness"), "utf8")).toBe("old");
});

test("only its owner can read it, also when everybody could read what stood there", () => {
  const path = join(folder(), "state");
  writeFileSync(path, "old", { mode: 0o644 });
  replaceFile(path, "new");
  expect(modeOf(path)).toBe(0o600);
  expect(readdirSync(folder())).toEqual(["state"]);
});
