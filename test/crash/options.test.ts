import type { ProgramProcess } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import { readCrashOptions } from "./options.ts";

/** What is read from these arguments, or the status that the process ends with. */
function read(...args: string[]) {
  let ended: number | undefined;
  const own: ProgramProcess = {
    argv: ["node", "main.ts", ...args],
    stdout: { write: () => true },
    stderr: { write: () => true },
    exit: (status) => {
      ended = status;
      throw new RangeError("ended");
    },
  };
  try {
    return readCrashOptions("drawn", own);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return ended;
  }
}

describe("the command line", () => {
  it("has defaults for everything, and draws a seed", () => {
    expect(read()).toEqual({ kills: 50, devices: 8, seed: "drawn" });
  });

  it("takes what is given", () => {
    const args = ["--kills", "3", "--devices", "2", "--seed", "s", "--engine", "twin", "--power-cut", "--json", "o"];
    const options = { kills: 3, devices: 2, seed: "s", engine: "twin", volatileLog: "honest", json: "o" };
    expect(read(...args)).toEqual(options);
    expect(read("--plant", "ack-before-sync")).toMatchObject({ volatileLog: "ack-before-sync" });
    expect(read("--help")).toBe(0);
  });

  it.each([
    { args: ["--kills", "0"] },
    { args: ["--kills", "10001"] },
    { args: ["--devices", "257"] },
    { args: ["--engine", "other"] },
    { args: ["--plant", "other"] },
    { args: ["--plant", "ack-before-sync", "--engine", "native"] },
    { args: ["--power-cut", "--engine", "native"] },
    { args: ["--unknown"] },
    { args: ["stray"] },
  ])("refuses $args", ({ args }) => {
    expect(read(...args)).toBe(2);
  });
});
