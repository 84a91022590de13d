import { describe, expect, it } from "vitest";
import { type ProgramProcess, readOptions } from "./command-line.ts";

const PROGRAM = {
  command: "npm run trial --",
  about: `Tries ${"something ".repeat(10)}twice. Exits with 1 when it fails.`,
  options: {
    n: { kind: "count", byDefault: 100, says: "how often" },
    cuts: { kind: "count", byDefault: 0, from: 0, upTo: 5, says: "at once" },
    minutes: { kind: "amount", byDefault: 1, says: "of each" },
    engine: { kind: "choice", among: ["native", "twin"], says: "what judges" },
    store: { kind: "choice", among: ["none", "sqlite"], byDefault: "none", says: "what keeps" },
    faults: { kind: "choices", among: ["slow", "away"], says: "tried in turn" },
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
    const byDefault = { n: 100, cuts: 0, minutes: 1, engine: undefined, store: "none", faults: ["slow", "away"] };
    expect(called()).toEqual({ ...byDefault, seed: "1", json: undefined, large: false });
    const numbers = ["--n", "7", "--cuts", "5", "--minutes", "0.25"];
    const words = ["--engine", "twin", "--store", "sqlite", "--faults", "away", "--seed=x", "--json", "out", "--large"];
    expect(called(...numbers, ...words)).toEqual({
      n: 7,
      cuts: 5,
      minutes: 0.25,
      engine: "twin",
      store: "sqlite",
      faults: ["away"],
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
  --cuts N        at once (0)
  --minutes N     of each (1)
  --engine KIND   what judges: native, twin
  --store KIND    what keeps: none, sqlite (none)
  --faults LIST   tried in turn (slow, away)
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
    [["--cuts", "6"], "--cuts takes a whole number from 0 to 5"],
    [["--cuts=-1"], "--cuts takes a whole number from 0 to 5"],
    [["--minutes", "0"], "--minutes takes a number above 0"],
    [["--minutes", "long"], "--minutes takes a number above 0"],
    [["--engine", "other"], "--engine takes native, twin"],
    [["--faults", "away,other"], "--faults takes slow, away"],
    [["--nn", "1"], "Unknown option '--nn'"],
    [["--seed"], "argument missing"],
    [["loose"], "Unexpected argument 'loose'"],
  ])("end the program where they cannot be used: %s", (args, fault) => {
    const said = called(...args);
    expect(said).toMatchObject({ status: 2, out: "", error: expect.stringContaining(fault) });
    expect(said).toMatchObject({ error: expect.stringContaining("usage: npm run trial") });
  });
});
