import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/temporary-data.ts";
import { retentionConfig } from "./retention-config.ts";

const folder = temporaryFolder({ beforeEach, afterEach });

describe("a virtual node keeps its log", () => {
  it("whole, unless something else is said", () => {
    expect(retentionConfig({ deleteLogWithoutArchive: false })).toEqual({ kind: "keep-all" });
  });

  it("for so many days, and then in an archive, or nowhere", () => {
    const archived = { keepLogDays: 65, logArchive: folder(), deleteLogWithoutArchive: false };
    expect(retentionConfig(archived)).toEqual({ kind: "archive", keepDays: 65, archivePath: folder() });
    const deleted = { keepLogDays: 3_650, deleteLogWithoutArchive: true };
    expect(retentionConfig(deleted)).toEqual({ kind: "delete-without-archive", keepDays: 3_650 });
  });

  it.each([
    ["--keep-log-days", { logArchive: "/", deleteLogWithoutArchive: false }],
    ["--keep-log-days", { deleteLogWithoutArchive: true }],
    ["--log-archive", { keepLogDays: 90, deleteLogWithoutArchive: false }],
    ["--log-archive", { keepLogDays: 90, logArchive: "/", deleteLogWithoutArchive: true }],
    ["65 to 3650", { keepLogDays: 64, logArchive: "/", deleteLogWithoutArchive: false }],
    ["65 to 3650", { keepLogDays: 3_651, deleteLogWithoutArchive: true }],
    ["make the directory", { keepLogDays: 90, logArchive: "/not/there", deleteLogWithoutArchive: false }],
  ])("says %s of flags that do not say what to do", (hint, flags) => {
    const refused = expect.objectContaining({ code: "INPUT", message: expect.stringContaining(hint) });
    expect(() => retentionConfig(flags)).toThrow(refused);
  });
});
