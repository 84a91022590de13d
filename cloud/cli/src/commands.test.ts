import { existsSync } from "node:fs";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../test/temporary-data.ts";
import { addCommands } from "./commands.ts";
import { hasConsortium } from "./consortium/consortium-files.ts";
import { readClockSetting } from "./process/clock-file.ts";
import { existingDataDirectory, openDataDirectory } from "./process/data-directory.ts";

const COMMANDS = [
  "demo",
  "verify",
  "audit",
  "verify-audit",
  "replay",
  "explain",
  "balance",
  "clusters",
  "emissions",
  "simulate",
  "ledger",
  "aggregator",
  "dso",
  "vn",
  "feids",
  "init",
  "open-accounts",
  "load-profile",
  "openadr",
  "wal",
  "fabric",
  "dispute",
  "supply",
  "prosumer",
];

const folder = temporaryFolder({ beforeEach, afterEach });

/** Everything that was written, on either output. */
let output: string;

beforeEach(() => {
  output = "";
});

function programHere(): Command {
  const write = (text: string) => {
    output += text;
  };
  const program = new Command("gridpact").exitOverride().configureOutput({ writeOut: write, writeErr: write });
  addCommands(program, write);
  return program;
}

async function run(...line: string[]): Promise<void> {
  await programHere().parseAsync(line, { from: "user" });
}

function made(name: string): string {
  return openDataDirectory(join(folder(), name), { isFresh: false }).root;
}

describe("the help", () => {
  it("lists every command, and no other", async () => {
    await expect(run("--help")).rejects.toMatchObject({ exitCode: 0 });
    for (const name of COMMANDS) expect(output).toMatch(new RegExp(`^  ${name} `, "m"));
    expect(programHere().commands.map((command) => command.name())).toEqual(COMMANDS);
  });

  it.each(COMMANDS)("of %s says what it does, and starts nothing", async (name) => {
    await expect(run(name, "--help")).rejects.toMatchObject({ exitCode: 0 });
    expect(output).toMatch(new RegExp(`^Usage: gridpact ${name} `));
  });
});

describe("a bad line", () => {
  it.each<[string, string[]]>([
    ["a whole number is needed", ["demo", "--speed", "fast"]],
    ["a whole number is needed", ["demo", "--speed", "-5"]],
    ["a whole number is needed", ["demo", "--speed", "1.5"]],
    ["a whole number from 1 on is needed", ["demo", "--speed", "0"]],
    ["a port from 0 to 65535 is needed", ["demo", "--operator-port", "65536"]],
    ["a port from 0 to 65535 is needed", ["aggregator", "--operator-port", "http"]],
    ["a port from 0 to 65535 is needed", ["ledger", "--port", "-1"]],
    ["unknown option '--fast'", ["demo", "--fast"]],
    ["unknown option '--seeds'", ["simulate", "--seeds", "1"]],
    ["too many arguments for 'demo'", ["verfy"]],
    ["missing required argument 'vnId'", ["vn"]],
    ["Allowed choices are district, offices", ["vn", "harbour"]],
    ["Allowed choices are native, twin", ["vn", "district", "--engine", "fast"]],
    ["required option '--vn <vnId>'", ["load-profile", "--out", "profile.json"]],
    ["required option '--out <file>'", ["load-profile", "--vn", "district"]],
    ["required option '--import-micro-per-wh <amount>'", ["supply", "sign", "d-home-h01"]],
    ["a whole number is needed", ["supply", "sign", "d-home-h01", "--export-micro-per-wh", "0.08"]],
    ["a whole number is needed", ["supply", "show", "d-home-h01", "--revision", "-1"]],
    ["host:port is needed", ["prosumer", "show", "d-home-h01", "--ledger", "7051"]],
    ["a port from 0 to 65535 is needed", ["prosumer", "show", "d-home-h01", "--ledger", "localhost:70510"]],
    ["required option '--reason <text>'", ["prosumer", "dispute", "open", "d-home-h01", "e:d-home-h01"]],
    ["required option '--file <file>'", ["prosumer", "dispute", "evidence", "d-home-h01", "e:d-home-h01"]],
    ["a share from 0 to 1000 is needed", ["emissions", "--load", "l", "--carbon", "c", "--shiftable", "1001"]],
    ["--battery-w needs --battery-wh", ["emissions", "--load", "l", "--carbon", "c", "--battery-w", "5000"]],
    ["a whole number is needed", ["load-profile", "--vn", "district", "--out", "x", "--devices", "many"]],
  ])("is refused with the reason that %s", async (reason, line) => {
    const refusal = await run(...line).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(CommanderError);
    expect(refusal).toMatchObject({ exitCode: 1 });
    expect(output).toContain(reason);
  });
});

describe("a command that needs the data of a run", () => {
  it.each<[string[]]>([
    [["ledger"]],
    [["aggregator", "--port", "0"]],
    [["vn", "district"]],
    [["feids"]],
    [["verify"]],
    [["audit"]],
    [["open-accounts"]],
    [["prosumer", "show", "d-home-h01"]],
    [["load-profile", "--vn", "district", "--out", "profile.json"]],
  ])("%s says that there is none, and makes none", async (line) => {
    const missing = join(folder(), "missing");
    await expect(run(...line, "--data", missing)).rejects.toMatchObject({
      code: "DATA_DIRECTORY_MISSING",
      message: expect.stringContaining(missing),
    });
    expect(existsSync(missing)).toBe(false);
  });
});

describe("init", () => {
  it("makes what the parts need, and says where", async () => {
    const root = join(folder(), "data");
    await run("init", "--data", root);
    expect(output).toBe(`${root} is ready\n`);
    expect(hasConsortium(existingDataDirectory(root))).toBe(true);
  });

  it("has all parts go by the demonstration's day when it is asked to, at no speed that never ends", async () => {
    const root = join(folder(), "played");
    await run("init", "--data", root, "--play-day", "300");
    expect(readClockSetting(existingDataDirectory(root))).toMatchObject({ speed: 300 });
    await expect(run("init", "--data", root, "--play-day", "0")).rejects.toThrow("from 1 on is needed");
  });

  it("refuses a directory of something else", async () => {
    await expect(run("init", "--data", folder())).rejects.toMatchObject({ code: "DATA_DIRECTORY_FOREIGN" });
  });
});

describe("whom verify believes", () => {
  const trustOf = (root: string) => ({ message: expect.stringContaining(join(root, "consortium", "trust.json")) });

  it("is the data directory that the receipt lies in", async () => {
    const receipt = join(made("own"), "receipts", "a.json");
    await expect(run("verify", receipt)).rejects.toMatchObject(trustOf(join(folder(), "own")));
  });

  it("is the data directory that is named, wherever the receipt lies", async () => {
    const receipt = join(made("own"), "receipts", "a.json");
    await expect(run("verify", receipt, "--data", made("other"))).rejects.toMatchObject(
      trustOf(join(folder(), "other")),
    );
  });

  it("is the trust file that is named, before all else", async () => {
    const trust = join(folder(), "trust-elsewhere.json");
    const line = ["verify", join(made("own"), "a.json"), "--data", made("other"), "--trust", trust];
    await expect(run(...line)).rejects.toMatchObject({ message: expect.stringContaining(trust) });
  });
});
