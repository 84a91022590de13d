import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Disk, nodeDisk } from "@gridpact/host";
import { type Engine, openTwinEngine } from "@gridpact/native";
import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MeterFixture } from "../../test/meter-fixture.ts";
import { temporaryFolder } from "../../test/temporary-data.ts";
import { addWal } from "./add-wal.ts";
import { backupNode } from "./backup-node.ts";

const folder = temporaryFolder({ beforeEach, afterEach });
const RECEIVED_AT_UNIX_MS = Date.UTC(2017, 0, 1);

let output: string;
let meter: MeterFixture;
beforeEach(async () => {
  output = "";
  process.exitCode = undefined;
  meter = new MeterFixture("meter-1");
  const engine = await openLog("node");
  for (let count = 0; count < 6; count++) await submit(engine, meter.envelope());
  await submit(engine, Buffer.from("no envelope"));
  await engine.close();
  const disk = nodeDisk(join(folder(), "node"));
  await disk.replace("enrolment/devices.json", Buffer.from("[]"));
  await disk.replace("window/checkpoint.json", Buffer.from("{}"));
  await disk.replace("store/influx-cursor.json", Buffer.from("{}"));
});
afterEach(() => {
  process.exitCode = undefined;
});

async function openLog(name: string): Promise<Engine> {
  const disk = nodeDisk(join(folder(), name));
  const archive = { disk: nodeDisk(folder()), directory: "retired" };
  const engine = await openTwinEngine({ disk, directory: "wal", mtuMs: 900_000, segmentBytesMax: 1, archive });
  engine.enrol([meter.enrolled()]);
  return engine;
}

async function submit(engine: Engine, bytes: Uint8Array): Promise<void> {
  await engine.submit([{ deviceId: "meter-1", bytes }], RECEIVED_AT_UNIX_MS);
}

async function run(...line: string[]): Promise<string> {
  const write = (text: string) => {
    output += text;
  };
  output = "";
  const program = new Command("gridpact").exitOverride().configureOutput({ writeOut: write, writeErr: write });
  addWal(program, write);
  await program.parseAsync(["wal", ...line], { from: "user" });
  return output;
}

const json = async (...line: string[]) => JSON.parse(await run(...line, "--json")) as Record<string, unknown>;
const at = (name: string) => join(folder(), name);

describe("gridpact wal", () => {
  it.each(["verify", "export", "rebuild", "archive", "backup", "restore"])("%s says what it does", async (name) => {
    await expect(run(name, "--help")).rejects.toMatchObject({ exitCode: 0 });
    expect(output).toMatch(new RegExp(`^Usage: gridpact wal ${name} `));
    expect(output).toContain("--json");
  });

  it("refuses a directory that has no log", async () => {
    mkdirSync(at("empty"));
    await expect(run("verify", at("empty"))).rejects.toMatchObject({ code: "INPUT" });
  });
});

describe("gridpact wal verify", () => {
  it("counts what the log holds, and says so in text too", async () => {
    const summary = { isSound: true, firstWalSeq: "0", endWalSeq: "7", tornBytes: 0, devices: 1 };
    expect(await json("verify", at("node"))).toMatchObject({ ...summary, envelopes: { accepted: 6, malformed: 1 } });
    expect(await run("verify", at("node"))).toMatch(
      /^0{20}\.log: \d records, of \d segments\n(?:.*\n)*isSound: true\n/,
    );
    expect(process.exitCode).toBeUndefined();
  });

  it("finds a changed byte, names the place, and fails", async () => {
    const path = join(at("node"), "wal", `${"0".repeat(20)}.log`);
    const bytes = readFileSync(path);
    bytes[40] = (bytes[40] as number) ^ 1;
    writeFileSync(path, bytes);
    const result = await json("verify", at("node"));
    expect(result).toMatchObject({ isSound: false, code: "WAL_DAMAGED" });
    expect(result["reason"]).toMatch(/damaged record at byte 0/);
    expect(process.exitCode).toBe(1);
  });
});

describe("gridpact wal export", () => {
  it("writes the records asked for, with the bytes as received", async () => {
    const lines = (await run("export", at("node"), "--from", "5")).trimEnd().split("\n");
    const records = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(records.map(({ walSeq, verdict }) => [walSeq, verdict])).toEqual([
      ["5", "accepted"],
      ["6", "malformed"],
    ]);
    expect(records[1]).toEqual({
      walSeq: "6",
      verdict: "malformed",
      receivedAtUnixMs: RECEIVED_AT_UNIX_MS,
      deviceId: "meter-1",
      envelopeHex: Buffer.from("no envelope").toString("hex"),
    });
    const out = at("records.jsonl");
    expect(await json("export", at("node"), "--to", "3", "--out", out)).toEqual({ records: 3, out });
    expect(readFileSync(out, "utf8").split("\n")).toHaveLength(4);
    expect(await run("export", at("node"), "--device", "meter-2")).toBe("");
  });

  it("takes no position that is none", async () => {
    await expect(run("export", at("node"), "--from", "-1")).rejects.toMatchObject({
      code: "commander.invalidArgument",
    });
  });
});

describe("gridpact wal rebuild", () => {
  it("removes the checkpoints of the views asked for, and of no other", async () => {
    expect(await json("rebuild", at("node"), "windows")).toEqual({ views: ["windows"], records: "7" });
    const disk = nodeDisk(at("node"));
    expect(await disk.list("window")).toEqual([]);
    expect(await disk.list("store")).toEqual(["influx-cursor.json"]);
    await run("rebuild", at("node"));
    expect(await disk.list("store")).toEqual([]);
    expect(await disk.list("enrolment")).toEqual(["devices.json"]);
  });

  it("refuses when the beginning of the log is neither there nor in an archive", async () => {
    await nodeDisk(at("node")).remove(`wal/${"0".repeat(20)}.log`);
    await expect(run("rebuild", at("node"))).rejects.toMatchObject({ code: "INPUT" });
    await expect(run("rebuild", at("node"), "--archive", at("nowhere"))).rejects.toMatchObject({ code: "INPUT" });
    expect(await nodeDisk(at("node")).list("window")).toEqual(["checkpoint.json"]);
  });

  it("brings back what was retired, and the engine reads all of it again", async () => {
    const retiring = await openLog("node");
    const all = await retiring.readLog(0n, 10);
    expect(await retiring.retire(4n)).toBe(4n);
    await retiring.close();
    expect(await json("verify", at("node"))).toMatchObject({ firstWalSeq: "4", isSound: true });
    expect(await json("verify", at("retired"))).toMatchObject({ endWalSeq: "4", isSound: true, tornBytes: 0 });
    const rebuilt = await json("rebuild", at("node"), "windows", "--archive", at("retired"));
    expect(rebuilt).toEqual({ views: ["windows"], records: "7" });
    const again = await openLog("node");
    expect(await again.readLog(0n, 10)).toEqual(all);
    expect(await again.retire(4n)).toBe(4n);
    await again.close();
  });
});

describe("gridpact wal archive", () => {
  it("copies closed segments once, checks what is there, and leaves the log alone", async () => {
    const segments = await nodeDisk(at("node")).list("wal");
    const closed = segments.length - 1;
    expect(closed).toBeGreaterThan(1);
    expect(await json("archive", at("node"), "--to", at("archive"))).toEqual({ copied: closed, archived: closed });
    expect(await json("archive", at("node"), "--to", at("archive"))).toEqual({ copied: 0, archived: closed });
    expect(await nodeDisk(at("node")).list("wal")).toEqual(segments);
    await nodeDisk(at("archive")).replace(segments[0] as string, Buffer.from("something else"));
    await expect(run("archive", at("node"), "--to", at("archive"))).rejects.toMatchObject({ code: "INPUT" });
  });
});

describe("gridpact wal backup and restore", () => {
  it("brings back the log and all else but the store, byte for byte", async () => {
    await run("backup", at("node"), "--to", at("backup"));
    expect(await json("restore", at("backup"), "--to", at("restored"))).toMatchObject({ endWalSeq: "7" });
    const [from, to] = [nodeDisk(at("node")), nodeDisk(at("restored"))];
    for (const path of ["enrolment/devices.json", "window/checkpoint.json"]) {
      expect(await to.read(path)).toEqual(await from.read(path));
    }
    expect(await to.list("store")).toEqual([]);
    const engine = await openLog("restored");
    expect(await engine.readLog(0n, 100)).toHaveLength(7);
    await engine.close();
  });

  it("may be made while envelopes come in, and holds all that was acknowledged before it began", async () => {
    const engine = await openLog("node");
    let isBackedUp = false;
    const loading = (async () => {
      while (!isBackedUp) await submit(engine, meter.envelope());
    })();
    for (let count = 0; count < 20; count++) await submit(engine, meter.envelope());
    const acknowledged = (await engine.readLog(0n, 10_000)).length;
    await run("backup", at("node"), "--to", at("backup"));
    isBackedUp = true;
    await loading;
    const logged = await engine.readLog(0n, 10_000);
    await engine.close();
    await run("restore", at("backup"), "--to", at("restored"));
    const restored = await openLog("restored");
    const records = await restored.readLog(0n, 10_000);
    expect(records.length).toBeGreaterThanOrEqual(acknowledged);
    expect(records).toEqual(logged.slice(0, records.length));
    await restored.close();
  });

  it("begins anew when segments are retired meanwhile, as older cursors would speak of what is gone", async () => {
    const engine = await openLog("node");
    const own = nodeDisk(at("node"));
    const lines: string[] = [];
    const report = { progress: (line: string) => lines.push(line), result: () => undefined };
    const retiring = (retire: () => Promise<unknown>): Disk => ({
      ...own,
      async read(path) {
        if (path === "window/checkpoint.json") await retire();
        return own.read(path);
      },
    });
    const back = (retire: () => Promise<unknown>) =>
      backupNode({ path: at("node"), disk: retiring(retire) }, at("backup"), report);
    let before = 0n;
    await expect(back(() => engine.retire(++before))).rejects.toMatchObject({ code: "INPUT" });
    expect(lines.filter((line) => line.includes("begun anew"))).toHaveLength(3);
    expect(await back(() => engine.retire(4n))).toMatchObject({ endWalSeq: 7n });
    await engine.close();
    await run("restore", at("backup"), "--to", at("restored"));
    const restored = await openLog("restored");
    expect((await restored.readLog(0n, 10)).map(({ walSeq }) => walSeq)).toEqual([4n, 5n, 6n]);
    await restored.close();
  });

  it("refuses a target with something in it, and a backup that was changed or not finished", async () => {
    await run("backup", at("node"), "--to", at("backup"));
    await expect(run("backup", at("node"), "--to", at("backup"))).rejects.toMatchObject({ code: "INPUT" });
    await expect(run("restore", at("backup"), "--to", at("node"))).rejects.toMatchObject({ code: "INPUT" });
    await nodeDisk(at("backup")).replace("enrolment/devices.json", Buffer.from("[{}]"));
    await expect(run("restore", at("backup"), "--to", at("restored"))).rejects.toMatchObject({ code: "INPUT" });
    await nodeDisk(at("backup")).remove("backup.json");
    await expect(run("restore", at("backup"), "--to", at("again"))).rejects.toMatchObject({ code: "INPUT" });
  });
});
