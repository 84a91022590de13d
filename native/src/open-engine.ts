import { basename, dirname } from "node:path";
import { type Disk, type Log, nodeDisk, silentLog } from "@gridpact/host";
import type { Engine } from "./engine.ts";
import { type NativeEngineOptions, openNativeEngine } from "./native-engine.ts";
import { openTwinEngine } from "./twin-engine.ts";

/** `library` counts for the native engine alone. */
export type OpenEngineOptions = NativeEngineOptions & {
  /** Which engine to open; by default the native one where it was built. */
  kind?: Engine["kind"];
  /** Learns which engine serves. */
  log?: Log;
};

/**
 * Opens the engine of a real virtual node on a directory. Both engines keep the same bytes there, so a host may
 * change from one to the other between two starts.
 * @throws EngineError WAL_DAMAGED when a synced record cannot be read, WAL_IO when the disk fails.
 * @throws NativeLibraryError when the chosen native library cannot serve on this machine.
 * @throws NativeEngineMissingError when the native engine was demanded and not built.
 */
export async function openEngine(options: OpenEngineOptions): Promise<Engine> {
  const { kind, log = silentLog, ...engineOptions } = options;
  const native = kind === "twin" ? undefined : await openNativeEngine(engineOptions);
  if (native !== undefined) {
    log.info("engine_opened", { kind: native.kind, verifier: native.verifier });
    return native;
  }
  if (kind === "native") throw new NativeEngineMissingError();
  log.warn("engine_opened", { kind: "twin", reason: kind === "twin" ? "chosen" : "native addon not built" });
  const { directoryPath, archivePath, library: _onlyNative, ...twinOptions } = engineOptions;
  const archive = archivePath === undefined ? undefined : directoryAt(archivePath);
  return openTwinEngine({ ...twinOptions, ...directoryAt(directoryPath), ...(archive && { archive }) });
}

function directoryAt(path: string): { disk: Disk; directory: string } {
  return { disk: nodeDisk(dirname(path)), directory: basename(path) };
}

/** The native engine was demanded by name, but its addon is not there. */
export class NativeEngineMissingError extends Error {
  readonly code = "NATIVE_ENGINE_MISSING";

  constructor() {
    super("the native engine is not built: run `node native/build.mjs` where there is a Rust toolchain");
    this.name = "NativeEngineMissingError";
  }
}
