import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { EngineCounters } from "./engine.ts";
import type { NativeDoorwayCounts, NativeDoorwayOptions } from "./native-doorway.ts";

/** One Rust engine with its own thread; `napi/src/lib.rs` documents it. Errors carry a stable `code`. */
export type EngineHandle = {
  submit(packed: Uint8Array, envelopes: number, receivedAtUnixMs: number): Promise<Buffer>;
  canAcceptWork(): boolean;
  enrol(deviceId: string, publicKey: Uint8Array, feeder: string): void;
  revoke(deviceId: string): void;
  readLog(fromWalSeq: number, recordsMax: number): Promise<Buffer>;
  leafHashes(fromWalSeq: number, recordsMax: number): Promise<Buffer>;
  readings(fromWalSeq: number, recordsMax: number): Promise<Buffer>;
  lines(fromWalSeq: number, into: Uint8Array): Promise<Buffer>;
  replay(fromWalSeq: number, recordsMax: number): Promise<Buffer>;
  segments(): Promise<Buffer>;
  retire(beforeWalSeq: number): Promise<Buffer>;
  verifier(): "ifma" | "avx2" | "portable";
  counters(): EngineCounters;
  quarantined(): string[];
  close(): Promise<Buffer>;
};

/** One Rust doorway with its own thread; `napi/src/doorway.rs` documents it. */
export type DoorwayHandle = {
  port(): number;
  takeEvents(room: Uint8Array): number;
  command(packed: Uint8Array): void;
  counts(): NativeDoorwayCounts;
  stop(): void;
};

/** What the library exports; `napi/src/lib.rs` is the other side, and only the tests show that the two agree. */
export type NativeAddon = {
  openDoorway(options: NativeDoorwayOptions, onEvents: () => void): DoorwayHandle;
  /** One verdict byte for each; to compare verifiers. The engine's own way to verify is `submit`. */
  verifySignatures(packed: Uint8Array): Buffer;
  cpuOffers(instructionSets: string[]): boolean;
  openEngine(options: {
    directory: string;
    mtuMs: number;
    segmentBytesMax: number;
    archiveDirectory?: string;
  }): Promise<EngineHandle>;
  merkleRoot(leafHashes: Uint8Array): Buffer;
  inclusionPath(leafHashes: Uint8Array, index: number): Buffer;
};

/**
 * Which library verifies: `ifma` is the one that was compiled for AVX-512 IFMA, `general` the one for every CPU (it
 * uses AVX2 where there is some), `auto` the first where the CPU has what it takes.
 */
export type LibraryChoice = "auto" | "ifma" | "general";

const require = createRequire(import.meta.url);
const pathOf = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const GENERAL_PATH = pathOf("gridpact-native.node");
const LANES_PATH = pathOf("gridpact-native-lanes.node");

/**
 * The addon that `build.mjs` made, or undefined when there is none.
 * @throws NativeLibraryError when the CPU, or the build, does not have the library that was chosen by name.
 * @throws when there is one that does not load: a broken installation must not look like a missing toolchain.
 */
export function loadNativeAddon(choice: LibraryChoice = "auto"): NativeAddon | undefined {
  if (!existsSync(GENERAL_PATH)) return undefined;
  const general = require(GENERAL_PATH) as NativeAddon;
  if (choice === "general") return general;
  const obstacle = laneObstacle(general);
  // Never loaded on a CPU without these instructions: the first of them would end the process.
  if (obstacle === undefined) return require(LANES_PATH) as NativeAddon;
  if (choice === "ifma") throw new NativeLibraryError(obstacle);
  return general;
}

function laneObstacle(general: NativeAddon): string | undefined {
  const { instructionSets } = require("../lane-library.json") as { instructionSets: string[] };
  if (!existsSync(LANES_PATH)) return "the library for AVX-512 IFMA is not built";
  const missing = instructionSets.filter((name) => !general.cpuOffers([name]));
  return missing.length === 0 ? undefined : `this CPU lacks ${missing.join(", ")}`;
}

/** The library that was chosen by name cannot serve here. */
export class NativeLibraryError extends Error {
  readonly code = "NATIVE_LIBRARY_UNAVAILABLE";

  constructor(obstacle: string) {
    super(`the verifier "ifma" cannot serve: ${obstacle}; choose "auto" or "general"`);
    this.name = "NativeLibraryError";
  }
}
