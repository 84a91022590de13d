import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { modeOf, temporaryFolder } from "../../test/temporary-data.ts";
import { dataDirectoryOf, existingDataDirectory, openDataDirectory } from "./data-directory.ts";

const folder = temporaryFolder({ beforeEach, afterEach });

const foreign = expect.objectContaining({ code: "DATA_DIRECTORY_FOREIGN" });

function opened(isFresh = false) {
  return openDataDirectory(join(folder(), "data"), { isFresh });
}

describe("a data directory", () => {
  it("is made where there is none, for its owner alone", () => {
    const { root, at } = openDataDirectory(join(folder(), "deep", "data"), { isFresh: false });
    expect(root).toBe(join(folder(), "deep", "data"));
    expect(at("logs", "vn.log")).toBe(join(root, "logs", "vn.log"));
    expect(modeOf(root)).toBe(0o700);
  });

  it("keeps what is in it when it is opened again", () => {
    writeFileSync(opened().at("state"), "kept");
    expect(readFileSync(opened().at("state"), "utf8")).toBe("kept");
  });

  it("loses everything when it is to be fresh, and is one again", () => {
    writeFileSync(opened().at("state"), "old");
    const { root, at } = opened(true);
    expect(existsSync(at("state"))).toBe(false);
    expect(existingDataDirectory(root).root).toBe(root);
  });

  it.each([true, false])("is never made of a directory of something else (fresh: %s)", (isFresh) => {
    const holiday = join(folder(), "photos", "holiday.jpg");
    mkdirSync(join(folder(), "photos"));
    writeFileSync(holiday, "dear");
    expect(() => openDataDirectory(join(folder(), "photos"), { isFresh })).toThrow(foreign);
    expect(() => openDataDirectory(holiday, { isFresh })).toThrow(foreign);
    expect(readFileSync(holiday, "utf8")).toBe("dear");
  });

  it("of another layout version is refused and left as it is, unless it is to be fresh", () => {
    const marker = opened().at("gridpact-data");
    writeFileSync(marker, "0\n");
    expect(() => opened()).toThrow(expect.objectContaining({ code: "DATA_DIRECTORY_VERSION" }));
    expect(readFileSync(marker, "utf8")).toBe("0\n");
    expect(readFileSync(opened(true).at("gridpact-data"), "utf8")).toBe("2\n");
  });

  it("of an earlier run is found, and one that never was is not made", () => {
    const { root } = opened();
    expect(existingDataDirectory(root).at("logs")).toBe(join(root, "logs"));
    const missing = join(folder(), "missing");
    for (const path of [missing, folder()]) {
      expect(() => existingDataDirectory(path)).toThrow(expect.objectContaining({ code: "DATA_DIRECTORY_MISSING" }));
    }
    expect(existsSync(missing)).toBe(false);
  });
});

describe("the data directory of some paths", () => {
  it("is the nearest one above the first path, which need not exist", () => {
    const { root, at } = opened();
    const inner = openDataDirectory(at("inner"), { isFresh: false });
    expect(dataDirectoryOf([root])).toBe(root);
    expect(dataDirectoryOf([at("receipts", "a.json"), inner.root])).toBe(root);
    expect(dataDirectoryOf([inner.at("receipts")])).toBe(inner.root);
  });

  it("is none for a path outside of one, and none without a path", () => {
    expect(dataDirectoryOf([folder()])).toBeUndefined();
    expect(dataDirectoryOf([])).toBeUndefined();
  });
});
