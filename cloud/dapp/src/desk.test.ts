import { describe, expect, it } from "vitest";
import { kindOf } from "./desk.ts";

describe("what a file means to be", () => {
  it.each([
    ['{"organisations":[],"orderers":[]}', "trust"],
    ['{"auditor":{},"signatureHex":"","verdictText":""}\n', "verdict"],
    ['{"anchors":[]}', "receipt"],
    ["no JSON", "receipt"],
    ["null", "receipt"],
    [undefined, "receipt"],
  ])("%s: %s", (text, kind) => expect(kindOf(text)).toBe(kind));
});
