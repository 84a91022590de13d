import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FABRIC_PROGRAMS, findBinaries, runProgram } from "./binaries.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gridpact-programs-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function program(name: string, mode = 0o755): void {
  writeFileSync(join(folder, name), "#!/bin/sh\necho said >&2\nexit 3\n");
  chmodSync(join(folder, name), mode);
}

test("programs are found in the named directory, or else on the search path", () => {
  for (const name of FABRIC_PROGRAMS) program(name);
  const found = findBinaries({ directory: folder, searchPath: "" });
  expect(found.peer).toBe(join(folder, "peer"));
  expect(findBinaries({ directory: undefined, searchPath: `/nowhere:${folder}` })).toEqual(found);
});

test("missing programs are named, and how to get them", () => {
  program("peer");
  program("orderer", 0o644);
  const find = () => findBinaries({ directory: folder, searchPath: "" });
  expect(find).toThrow(/^orderer, configtxgen, osnadmin not found in .*FABRIC_BIN.*3\.1\.5/);
  expect(() => findBinaries({ directory: undefined, searchPath: "" })).toThrow(/not found in PATH/);
});

test("a program that fails says what it said", async () => {
  program("peer");
  await expect(runProgram(join(folder, "peer"), ["channel", "list"])).rejects.toMatchObject({
    code: "FABRIC_COMMAND_FAILED",
    message: expect.stringMatching(/channel list: said$/),
  });
  expect(await runProgram("/bin/sh", ["-c", "echo $GIVEN"], { GIVEN: "yes" })).toMatchObject({ stdout: "yes\n" });
});
