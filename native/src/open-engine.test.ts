import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VERDICT } from "@gridpact/proto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DAY_UNIX_MS, DeviceFixture } from "../test/device-fixture.ts";
import { type Engine, EngineError, QUEUED_ENVELOPES_MAX } from "./engine.ts";
import { loadNativeAddon, NativeLibraryError } from "./native-addon.ts";
import { openEngine } from "./open-engine.ts";

const MTU_MS = 900_000;
const RECEIVED_AT = DAY_UNIX_MS + 86_400_000;
const isBuilt = loadNativeAddon() !== undefined;
const kinds: Engine["kind"][] = isBuilt ? ["native", "twin"] : ["twin"];

let directoryPath: string;
beforeEach(() => {
  directoryPath = join(mkdtempSync(join(tmpdir(), "gridpact-engine-")), "wal");
});
afterEach(() => rmSync(join(directoryPath, ".."), { recursive: true, force: true }));

describe("opening an engine", () => {
  it("prefers the native one where it was built, and says which one serves", async () => {
    const events: unknown[] = [];
    const say = (event: string, fields?: object) => events.push({ event, ...fields });
    const log = { info: say, warn: say, error: say };
    const engine = await openEngine({ directoryPath, mtuMs: MTU_MS, log });
    expect(engine.kind).toBe(isBuilt ? "native" : "twin");
    expect(events).toEqual([expect.objectContaining({ event: "engine_opened", kind: engine.kind })]);
    await engine.close();
  });

  it("refuses to replace a native engine that was demanded by name", async () => {
    const opening = openEngine({ directoryPath, mtuMs: MTU_MS, kind: "native" });
    if (isBuilt) await expect(opening.then((engine) => engine.close())).resolves.toBeUndefined();
    else await expect(opening).rejects.toMatchObject({ code: "NATIVE_ENGINE_MISSING" });
  });
});

describe.each(kinds)("the %s engine, whose archive does not take a segment,", (kind) => {
  it("says so by its code, and goes on", async () => {
    const archivePath = join(directoryPath, "../archive");
    // Where the segment should go there is a directory.
    mkdirSync(join(archivePath, `${"0".padStart(20, "0")}.log`), { recursive: true });
    const engine = await openEngine({ directoryPath, archivePath, mtuMs: MTU_MS, kind, segmentBytesMax: 1 });
    const device = new DeviceFixture("home-1");
    engine.enrol([device.enrolled()]);
    for (let count = 0; count < 2; count++) await engine.submit([device.next(1)], RECEIVED_AT);
    const retiring = engine.retire(1n);
    await expect(retiring).rejects.toBeInstanceOf(EngineError);
    await expect(retiring).rejects.toMatchObject({ code: "ARCHIVE_IO" });
    expect([...(await engine.submit([device.next(1)], RECEIVED_AT)).verdicts]).toEqual([VERDICT.ACCEPTED]);
    await engine.close();
  });
});

describe("native libraries", () => {
  it.each(["auto", "ifma", "general"] as const)("%s serves as it says, or refuses to", async (library) => {
    const open = () => openEngine({ directoryPath, mtuMs: MTU_MS, library });
    if (!isBuilt) expect((await open()).verifier).toBe("node-crypto");
    else if (library === "ifma" && !hasLanes()) {
      await expect(open()).rejects.toMatchObject({ code: "NATIVE_LIBRARY_UNAVAILABLE" });
    } else {
      const engine = await open();
      const isWide = library === "ifma" || (library === "auto" && hasLanes());
      expect(["avx2", "portable"].includes(engine.verifier)).toBe(!isWide);
      await engine.close();
    }
  });
});

/** By the addon's own word; that the choice follows it is what is tested. */
function hasLanes(): boolean {
  try {
    return loadNativeAddon("ifma") !== undefined;
  } catch (error) {
    if (error instanceof NativeLibraryError) return false;
    throw error;
  }
}

describe.each(kinds)("%s engine on a real directory", (kind) => {
  const open = async () => {
    const engine = await openEngine({ directoryPath, mtuMs: MTU_MS, kind });
    engine.enrol([new DeviceFixture("home-1").enrolled()]);
    return engine;
  };

  it("goes on where it stopped, after a torn tail too", async () => {
    const device = new DeviceFixture("home-1");
    let engine = await open();
    await engine.submit([device.next()], RECEIVED_AT);
    await engine.close();
    appendFileSync(join(directoryPath, readdirSync(directoryPath)[0] ?? ""), "torn");
    engine = await open();
    expect([...(await engine.submit([device.next()], RECEIVED_AT)).verdicts]).toEqual([VERDICT.ACCEPTED]);
    expect(await engine.readLog(0n, 10)).toHaveLength(2);
    await engine.close();
  });

  it("refuses to open a damaged log, with a stable code", async () => {
    const engine = await open();
    for (const device of [new DeviceFixture("home-1"), new DeviceFixture("other")]) {
      await engine.submit([device.next()], RECEIVED_AT);
    }
    await engine.close();
    const path = join(directoryPath, readdirSync(directoryPath)[0] ?? "");
    writeFileSync(path, Buffer.from([1]), { flag: "r+" });
    await expect(open()).rejects.toMatchObject({ name: "EngineError", code: "WAL_DAMAGED" });
  });

  it("answers what was submitted before it was closed, and nothing after", async () => {
    const device = new DeviceFixture("home-1");
    const engine = await open();
    const pending = engine.submit([device.next()], RECEIVED_AT);
    await engine.close();
    expect([...(await pending).verdicts]).toEqual([VERDICT.ACCEPTED]);
    expect(engine.canAcceptWork()).toBe(false);
    await expect(engine.submit([device.next()], RECEIVED_AT)).rejects.toMatchObject({ code: "ENGINE_CLOSED" });
    await expect(engine.close()).resolves.toBeUndefined();
  });

  it("counts what it verifies, commits and has before it", async () => {
    const device = new DeviceFixture("home-1");
    const engine = await open();
    const pending = engine.submit([device.next(), device.next()], RECEIVED_AT);
    // Its thread may have been as quick as to have answered already.
    expect([0, 2]).toContain(engine.counters().queuedEnvelopes);
    await pending;
    const { verifiedTogether, verifiedAlone, ...rest } = engine.counters();
    expect(rest).toMatchObject({ queuedEnvelopes: 0, committedGroups: 1, overBudget: 0, logSegments: 1 });
    expect(rest.logBytes).toBeGreaterThan(0);
    expect(verifiedTogether + verifiedAlone).toBe(2);
    await engine.close();
  });

  it("takes work up to its bound, holds back there, and takes it again when it is done", async () => {
    const engine = await open();
    const envelope = { deviceId: "home-1", bytes: new Uint8Array(1) };
    const batch = (size: number) => Array.from({ length: size }, () => envelope);
    const first = engine.submit(batch(QUEUED_ENVELOPES_MAX - 1), RECEIVED_AT);
    expect(engine.canAcceptWork()).toBe(true);
    const last = engine.submit(batch(1), RECEIVED_AT);
    expect(engine.canAcceptWork()).toBe(false);
    await expect(engine.submit(batch(1), RECEIVED_AT)).rejects.toThrow("canAcceptWork");
    await Promise.all([first, last]);
    expect(engine.canAcceptWork()).toBe(true);
    await expect(engine.submit(batch(QUEUED_ENVELOPES_MAX + 1), RECEIVED_AT)).rejects.toThrow("65537 envelopes");
    await engine.close();
  });

  it("asserts what its caller owes it", async () => {
    const engine = await open();
    const device = new DeviceFixture("home-1").enrolled();
    const { publicKey } = device;
    expect(() => engine.enrol([{ ...device, deviceId: "Home 1" }])).toThrow("device id");
    expect(() => engine.enrol([{ ...device, publicKey: publicKey.subarray(1) }])).toThrow("public key");
    expect(() => engine.enrol([{ ...device, feeder: "a\nb" }])).toThrow("feeder");
    expect(() => engine.enrol([{ ...device, feeder: "x".repeat(64) }])).toThrow("feeder");
    expect(() => engine.enrol([{ ...device, feeder: "\u{1F50C}".repeat(63) }])).not.toThrow();
    await expect(engine.submit([], -1)).rejects.toThrow("instant");
    await expect(engine.submit([{ deviceId: "", bytes: publicKey }], 0)).rejects.toThrow("device id");
    await expect(engine.readLog(-1n, 1)).rejects.toThrow("position");
    await expect(engine.replay(0n, 0)).rejects.toThrow("0 records");
    expect((await engine.submit([], 0)).verdicts).toHaveLength(0);
    await engine.close();
  });
});
