import { describe, expect, it } from "vitest";
import { parseCommandLine, UsageError } from "./options.ts";

describe("the command line", () => {
  it("has defaults for everything, and draws a seed", () => {
    const options = { kills: 50, devices: 8, seed: "drawn" };
    expect(parseCommandLine([], "drawn")).toEqual({ options, jsonPath: undefined });
  });

  it("takes what is given", () => {
    const args = ["--kills", "3", "--devices", "2", "--seed", "s", "--engine", "twin", "--power-cut", "--json", "o"];
    const options = { kills: 3, devices: 2, seed: "s", engine: "twin", volatileLog: "honest" };
    expect(parseCommandLine(args, "drawn")).toEqual({ options, jsonPath: "o" });
    expect(parseCommandLine(["--plant", "ack-before-sync"], "drawn")).toMatchObject({
      options: { volatileLog: "ack-before-sync" },
    });
    expect(parseCommandLine(["--help"], "drawn")).toBe("help");
  });

  it.each([
    { args: ["--kills", "0"] },
    { args: ["--kills", "10001"] },
    { args: ["--kills", "1e3"] },
    { args: ["--devices", "257"] },
    { args: ["--engine", "other"] },
    { args: ["--plant", "other"] },
    { args: ["--plant", "ack-before-sync", "--engine", "native"] },
    { args: ["--power-cut", "--engine", "native"] },
    { args: ["--unknown"] },
    { args: ["stray"] },
  ])("refuses $args", ({ args }) => {
    expect(() => parseCommandLine(args, "drawn")).toThrow(UsageError);
  });
});
