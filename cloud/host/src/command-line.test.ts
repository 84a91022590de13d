import { describe, expect, it } from "vitest";
import { type ProgramProcess, readOptions } from "./command-line.ts";

const PROGRAM = {
  command: "npm run trial --",
  about: `Tries ${"something ".repeat(10)}twice. Exits with 1 when it fails.`,
  options: {
    n: { kind: "count", byDefault: 100, says: "how often" },
    seed: { kind: "text", byDefault: "1", says: "draws the inputs" },
    json: { kind: "text", says: "writes the result there" },
    large: { kind: "flag", says: "sizes that mean something" },
  },
} as const;

/** Calls the program; what it read, or how it ended. */
function called(...args: string[]) {
  const said = { out: "", error: "", status: -1 };
  const own: ProgramProcess = {
    argv: ["node", "main.ts", ...args],
    stdout: { write: (text) => (said.out += text) },
    stderr: { write: (text) => (said.error += text) },
    exit: (status) => {
      said.status = status;
      throw new RangeError("ended");
    },
  };
  try {
    return readOptions(PROGRAM, own);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return said;
  }
}

describe("options of a program", () => {
  it("are their defaults, or what was given", () => {
    expect(called()).toEqual({ n: 100, seed: "1", json: undefined, large: false });
    expect(called("--n", "7", "--seed=x", "--json", "out", "--large")).toEqual({
      n: 7,
      seed: "x",
      json: "out",
      large: true,
    });
  });

  it("are explained to whoever asks, with their defaults", () => {
    expect(called("--help")).toMatchObject({
      status: 0,
      out: `usage: npm run trial -- [options]

Tries something something something something something something something something something
something twice. Exits with 1 when it fails.

  --n N           how often (100)
  --seed TEXT     draws the inputs (1)
  --json TEXT     writes the result there
  --large         sizes that mean something
  --help          this text
`,
    });
  });

  it.each([
    [["--n", "many"], "--n takes a whole number from 1 on"],
    [["--n", "0"], "--n takes a whole number from 1 on"],
    [["--n", "1.5"], "--n takes a whole number from 1 on"],
    [["--nn", "1"], "Unknown option '--nn'"],
    [["--seed"], "argument missing"],
    [["loose"], "Unexpected argument 'loose'"],
  ])("end the program where they cannot be used: %s", (args, fault) => {
    const said = called(...args);
    expect(said).toMatchObject({ status: 2, out: "", error: expect.stringContaining(fault) });
    expect(said).toMatchObject({ error: expect.stringContaining("usage: npm run trial") });
  });
});
