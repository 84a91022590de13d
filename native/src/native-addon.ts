import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/** One Rust engine with its own thread; `napi/src/lib.rs` documents it. Errors carry a stable `code`. */
export type EngineHandle = {
  submit(packed: Uint8Array, envelopes: number, receivedAtUnixMs: number): Promise<Buffer>;
  canAcceptWork(): boolean;
  enrol(deviceId: string, publicKey: Uint8Array, feeder: string): void;
  revoke(deviceId: string): void;
  readLog(fromWalSeq: number, recordsMax: number): Promise<Buffer>;
  replay(fromWalSeq: number, recordsMax: number): Promise<Buffer>;
  quarantined(): string[];
  close(): Promise<Buffer>;
};

export type NativeAddon = {
  openEngine(directory: string, mtuMs: number, segmentBytesMax: number): Promise<EngineHandle>;
  merkleRoot(leafHashes: Uint8Array): Buffer;
  inclusionPath(leafHashes: Uint8Array, index: number): Buffer;
};

const ADDON_PATH = fileURLToPath(new URL("../gridpact-native.node", import.meta.url));

let loaded: NativeAddon | undefined;

/**
 * The addon that `build.mjs` made, or undefined when there is none.
 * @throws when there is one that does not load: a broken installation must not look like a missing toolchain.
 */
export function loadNativeAddon(): NativeAddon | undefined {
  if (loaded === undefined && existsSync(ADDON_PATH))
    loaded = createRequire(import.meta.url)(ADDON_PATH) as NativeAddon;
  return loaded;
}
