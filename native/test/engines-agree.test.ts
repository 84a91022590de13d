import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeDisk, SeededRandom } from "@gridpact/host";
import { VERDICT } from "@gridpact/proto";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { type BatchOutcome, type Engine, LINES_BYTES_MIN, type ReceivedEnvelope } from "../src/engine.ts";
import { inclusionPath, merkleRoot } from "../src/merkle.ts";
import { loadNativeAddon } from "../src/native-addon.ts";
import { openNativeEngine } from "../src/native-engine.ts";
import { openTwinEngine } from "../src/twin-engine.ts";
import { DAY_UNIX_MS, DeviceFixture } from "./device-fixture.ts";
import { ACT_KINDS, type Act, HostileStream, STREAM_DEVICES } from "./hostile-stream.ts";

/** Readings of a stream are a minute apart, so that every second one stands on a boundary. */
const MTU_MS = 120_000;
/** Small, so that streams of a few envelopes go over several segments. */
const SEGMENT_BYTES_MAX = 2_048;
const RECEIVED_AT = DAY_UNIX_MS + 86_400_000;
const RUNS = 60;

const act: fc.Arbitrary<Act> = fc.record({
  device: fc.nat(STREAM_DEVICES - 1),
  kind: fc.constantFrom(...ACT_KINDS),
  count: fc.integer({ min: 1, max: 4 }),
  pick: fc.nat(1_000_000),
});
const hostileStream = fc.array(fc.array(act, { maxLength: 12 }), { minLength: 1, maxLength: 8 });

const root = mkdtempSync(join(tmpdir(), "gridpact-native-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const isBuilt = loadNativeAddon() !== undefined;
if (!isBuilt) process.stdout.write("native: addon not built, so the comparison of both engines is not run\n");

async function openNative(name: string): Promise<Engine> {
  const options = { directoryPath: join(root, name), mtuMs: MTU_MS, segmentBytesMax: SEGMENT_BYTES_MAX };
  const engine = await openNativeEngine(options);
  if (engine === undefined) throw new Error("the addon was there a moment ago");
  return engine;
}

function openTwin(name: string): Promise<Engine> {
  const disk = nodeDisk(root);
  return openTwinEngine({ disk, directory: name, mtuMs: MTU_MS, segmentBytesMax: SEGMENT_BYTES_MAX });
}

/** All of an outcome as plain values, so that a difference shows where it is. */
function plain(outcome: BatchOutcome): unknown {
  const { verdicts, envelopes, windows } = outcome;
  return {
    verdicts: [...verdicts],
    envelopes: envelopes.map((envelope) => ({ ...envelope, leafHash: Buffer.from(envelope.leafHash).toString("hex") })),
    windows,
    readingCount: outcome.readingCount,
    walRange: outcome.walRange,
    leafHashes: Buffer.from(outcome.leafHashes()).toString("hex"),
    boundaries: outcome.boundaryReadings(),
    newest: outcome.newestReadings(),
  };
}

/** The log itself; the native engine's note of what it has synced stands beside it. */
function files(name: string): [string, string][] {
  const names = readdirSync(join(root, name))
    .filter((file) => file.endsWith(".log"))
    .sort();
  return names.map((file) => [file, readFileSync(join(root, name, file)).toString("hex")]);
}

async function replayed(engine: Engine, recordsMax: number): Promise<unknown[]> {
  const outcomes: unknown[] = [];
  for (let from = 0n; ; ) {
    const { outcome, nextWalSeq } = await engine.replay(from, recordsMax);
    if (nextWalSeq === from) return outcomes;
    outcomes.push(plain(outcome));
    from = nextWalSeq;
  }
}

/** The log's readings, lines and leaf hashes, backwards, as none depends on what stands before. */
async function read(engine: Engine, recordsMax: number): Promise<unknown[]> {
  const parts: unknown[] = [];
  for (let from = 60; from >= 0; from -= recordsMax) {
    const readings = await engine.loggedReadings(BigInt(from), recordsMax);
    const leaves = await engine.leafHashes(BigInt(from), recordsMax);
    const hashes = Buffer.from(leaves.hashes).toString("hex");
    parts.push({ readings, lines: await linesFrom(engine, BigInt(from)), leaves: { ...leaves, hashes } });
  }
  return parts;
}

async function linesFrom(engine: Engine, fromWalSeq: bigint, bytesMax = LINES_BYTES_MIN): Promise<unknown> {
  const into = new Uint8Array(bytesMax);
  const lines = await engine.loggedLines(fromWalSeq, into);
  return { ...lines, text: Buffer.from(into).toString("utf8", 0, lines.sizeBytes) };
}

describe.runIf(isBuilt)("native engine and twin", () => {
  it("agree on every outcome, on the bytes of the log, and after changing places", async () => {
    const seen = new Set<number>();
    let run = 0;
    const property = fc.asyncProperty(hostileStream, fc.integer({ min: 1, max: 9 }), async (batches, recordsMax) => {
      const names = { native: `native-${run}`, twin: `twin-${run}` };
      run += 1;
      const stream = new HostileStream();
      let [native, twin] = [await openNative(names.native), await openTwin(names.twin)];
      const enrol = () => {
        const devices = stream.devices.map((device, index) => device.enrolled(`Straße ${index % 2}, a=b`));
        for (const engine of [native, twin]) engine.enrol(devices);
      };
      enrol();
      const submitToBoth = async (acts: (typeof batches)[number]) => {
        const batch = acts.flatMap((act) => stream.play(act));
        const [fromNative, fromTwin] = await Promise.all([
          native.submit(batch, RECEIVED_AT),
          twin.submit(batch, RECEIVED_AT),
        ]);
        for (const code of fromTwin.verdicts) seen.add(code);
        expect(plain(fromNative)).toEqual(plain(fromTwin));
        expect(native.quarantined()).toEqual(twin.quarantined());
      };
      const half = Math.ceil(batches.length / 2);
      for (const acts of batches.slice(0, half)) await submitToBoth(acts);
      // Each goes on with the other's log.
      await Promise.all([native.close(), twin.close()]);
      [native, twin] = [await openNative(names.twin), await openTwin(names.native)];
      enrol();
      for (const acts of batches.slice(half)) await submitToBoth(acts);
      expect(await native.readLog(0n, 1_000)).toEqual(await twin.readLog(0n, 1_000));
      expect(await replayed(native, recordsMax)).toEqual(await replayed(twin, recordsMax));
      expect(await read(native, recordsMax)).toEqual(await read(twin, recordsMax));
      await Promise.all([native.close(), twin.close()]);
      expect(files(names.native)).toEqual(files(names.twin));
    });
    await fc.assert(property, { numRuns: RUNS });
    expect(seen, "a verdict that no stream brought about").toEqual(new Set(Object.values(VERDICT)));
  }, 120_000);

  it("agree on what they retire, and go on with each other's checkpoints and archives", async () => {
    const names = { native: "native-retired", twin: "twin-retired" };
    const device = new DeviceFixture("home-1");
    const options = { mtuMs: MTU_MS, segmentBytesMax: 1 };
    const openBoth = async (native: string, twin: string) => [
      (await openNativeEngine({
        ...options,
        directoryPath: join(root, native),
        archivePath: join(root, `${native}-archive`),
      })) as Engine,
      await openTwinEngine({
        ...options,
        disk: nodeDisk(root),
        directory: twin,
        archive: { disk: nodeDisk(root), directory: `${twin}-archive` },
      }),
    ];
    const envelopes = Array.from({ length: 6 }, () => device.next(1));
    let first = 0n;
    for (const [native, twin] of [
      [names.native, names.twin],
      [names.twin, names.native],
    ] as const) {
      const engines = await openBoth(native, twin);
      for (const engine of engines) engine.enrol([device.enrolled()]);
      for (let count = 0; count < 3; count++) {
        const envelope = envelopes[Number(first) + count] as ReceivedEnvelope;
        await Promise.all(engines.map((engine) => engine.submit([envelope], RECEIVED_AT)));
      }
      first += 2n;
      expect(await Promise.all(engines.map((engine) => engine.retire(first)))).toEqual([first, first]);
      const [bySegments, ofTwin] = await Promise.all(engines.map((engine) => engine.segments()));
      expect(bySegments).toEqual(ofTwin);
      await Promise.all(engines.map((engine) => engine.close()));
      first += 1n;
    }
    for (const suffix of ["", "-archive"]) expect(files(names.native + suffix)).toEqual(files(names.twin + suffix));
    expect(files(`${names.native}-archive`)).toHaveLength(5);
    const states = Object.values(names).map((name) => readFileSync(join(root, name, `${"5".padStart(20, "0")}.state`)));
    expect(states[0]).toEqual(states[1]);
  });

  it("agree on where lines end that have no room, and on the longest ones of one envelope", async () => {
    const device = new DeviceFixture("d".repeat(64));
    const [native, twin] = [await openNative("native-lines"), await openTwin("twin-lines")];
    for (const engine of [native, twin]) engine.enrol([{ ...device.enrolled(), feeder: "𝄞".repeat(63) }]);
    const batch = [1_440, 1_440, 1].map((readings) => device.next(readings));
    await Promise.all([native, twin].map((engine) => engine.submit(batch, device.measuredAtUnixMs)));
    const whole = (await linesFrom(twin, 0n, 4 * LINES_BYTES_MIN)) as { sizeBytes: number; readingCount: number };
    expect(whole).toMatchObject({ readingCount: 2_881, nextWalSeq: 3n });
    for (const bytesMax of [whole.sizeBytes - 1, whole.sizeBytes, LINES_BYTES_MIN]) {
      const fromNative = await linesFrom(native, 0n, bytesMax);
      expect(fromNative).toEqual(await linesFrom(twin, 0n, bytesMax));
      const nextWalSeq = { [whole.sizeBytes - 1]: 2n, [whole.sizeBytes]: 3n, [LINES_BYTES_MIN]: 1n }[bytesMax];
      expect(fromNative).toMatchObject({ nextWalSeq });
    }
    await Promise.all([native.close(), twin.close()]);
  });

  it("agree on bytes that were changed at random", async () => {
    const random = new SeededRandom("changed bytes");
    const [native, twin] = [await openNative("native-bytes"), await openTwin("twin-bytes")];
    const device = new DeviceFixture("home-1");
    for (const engine of [native, twin]) engine.enrol([device.enrolled()]);
    const batch = Array.from({ length: CHANGED_ENVELOPES }, () => changed(device.next(1 + random.below(3)), random));
    const outcomes = await Promise.all([native.submit(batch, RECEIVED_AT), twin.submit(batch, RECEIVED_AT)]);
    const [fromNative, fromTwin] = outcomes.map((outcome) => plain(outcome));
    expect(fromNative).toEqual(fromTwin);
    await Promise.all([native.close(), twin.close()]);
    expect(files("native-bytes")).toEqual(files("twin-bytes"));
  });

  it("agree on roots and paths", () => {
    const addon = loadNativeAddon();
    const leaves = Array.from({ length: 33 }, (_, index) => new SeededRandom(`leaf ${index}`).bytes(32));
    for (let size = 0; size <= leaves.length; size++) {
      const tree = leaves.slice(0, size);
      expect(addon?.merkleRoot(Buffer.concat(tree))).toEqual(Buffer.from(merkleRoot(tree)));
      for (let index = 0; index < size; index++) {
        const path = Buffer.concat(inclusionPath(tree, index));
        expect(addon?.inclusionPath(Buffer.concat(tree), index)).toEqual(path);
      }
    }
  });
});

/** Decodable after the change now and then: half of the changes hit the signature or the numbers of a reading. */
const CHANGED_ENVELOPES = 3_000;

function changed(envelope: ReceivedEnvelope, random: SeededRandom): ReceivedEnvelope {
  const bytes = new Uint8Array(envelope.bytes);
  for (let changes = 1 + random.below(2); changes > 0; changes--) bytes[random.below(bytes.length)] = random.below(256);
  return { ...envelope, bytes: bytes.subarray(0, bytes.length - (random.chance(200) ? random.below(8) : 0)) };
}
