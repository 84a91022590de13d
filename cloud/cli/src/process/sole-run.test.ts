import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { temporaryData } from "../../test/temporary-data.ts";
import { replaceFile } from "./replace-file.ts";
import { claimRun, refuseIfRunning } from "./sole-run.ts";

const data = temporaryData({ beforeEach, afterEach });

describe("a data directory", () => {
  it("is free at first, for the process that claimed it, and when that process is gone", () => {
    refuseIfRunning(data().root);
    claimRun(data());
    refuseIfRunning(data().root);
    replaceFile(data().at("supervisor.pid"), "4242\n");
    refuseIfRunning(data().root, () => false);
    expect(() => refuseIfRunning(data().root, () => true)).toThrow(/process 4242 runs on/);
  });

  it("is refused while the process that claimed it lives, as the machine says", () => {
    // The parent of a test run lives as long as the test.
    replaceFile(data().at("supervisor.pid"), `${process.ppid}\n`);
    expect(() => refuseIfRunning(data().root)).toThrow(expect.objectContaining({ code: "DATA_DIRECTORY_BUSY" }));
  });
});
