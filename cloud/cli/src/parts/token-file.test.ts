import { chmodSync, mkdirSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { modeOf, temporaryData } from "../../test/temporary-data.ts";
import { readTokens, writeTokens } from "./token-file.ts";

const GRANTS = [{ deviceId: "d-1" }, { deviceId: "d-2" }];

const data = temporaryData({ beforeEach, afterEach });

let issued: string[];

beforeEach(() => {
  issued = [];
  mkdirSync(data().at("vn-district"));
});

async function issue({ deviceId }: { deviceId: string }): Promise<string> {
  issued.push(deviceId);
  return `token ${issued.length} of ${deviceId}`;
}

describe("the token file", () => {
  it("has a token for each device, and is its owner's alone", async () => {
    await writeTokens(data(), "district", GRANTS, issue);
    expect(readTokens(data(), "district")).toEqual({ "d-1": "token 1 of d-1", "d-2": "token 2 of d-2" });
    expect(modeOf(data().at("vn-district", "enrolment-tokens.json"))).toBe(0o600);
  });

  it("keeps each token that was issued: a start later only new devices get one", async () => {
    await writeTokens(data(), "district", GRANTS, issue);
    await writeTokens(data(), "district", [...GRANTS, { deviceId: "d-3" }], issue);
    expect(issued).toEqual(["d-1", "d-2", "d-3"]);
    expect(readTokens(data(), "district")).toMatchObject({ "d-1": "token 1 of d-1", "d-3": "token 3 of d-3" });
  });

  it("is its owner's alone again after a start, when somebody has opened it to others", async () => {
    await writeTokens(data(), "district", GRANTS, issue);
    chmodSync(data().at("vn-district", "enrolment-tokens.json"), 0o644);
    await writeTokens(data(), "district", GRANTS, issue);
    expect(modeOf(data().at("vn-district", "enrolment-tokens.json"))).toBe(0o600);
  });

  it("of a virtual node that has none yet is empty, whatever others have", async () => {
    await writeTokens(data(), "district", GRANTS, issue);
    expect(readTokens(data(), "offices")).toEqual({});
  });

  it("is not changed when a token could not be issued", async () => {
    await writeTokens(data(), "district", GRANTS, issue);
    const refused = writeTokens(data(), "district", [{ deviceId: "d-3" }], () => Promise.reject(new Error("no disk")));
    await expect(refused).rejects.toThrow("no disk");
    expect(Object.keys(readTokens(data(), "district"))).toEqual(["d-1", "d-2"]);
  });
});
