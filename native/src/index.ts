/** Public face of @gridpact/native: the ingest engine behind one interface, and Merkle trees. */
export type { DoorwayEnding, DoorwayEvents } from "./doorway-packing.ts";
export type {
  AcceptedEnvelope,
  AcceptedReading,
  BatchOutcome,
  Engine,
  EngineCounters,
  EngineFailureCode,
  EngineOptions,
  EnrolledDevice,
  LoggedEnvelope,
  LoggedLeaves,
  LoggedLines,
  LoggedReadings,
  LogSegment,
  PlacedReading,
  ReceivedEnvelope,
  WindowDelta,
} from "./engine.ts";
export { EngineError, LINES_BYTES_MIN, QUEUED_ENVELOPES_MAX } from "./engine.ts";
export { EnvelopeBatch, type PackedDeviceId, packDeviceId } from "./envelope-batch.ts";
export { type ScannedLog, type ScannedSegment, scanLog } from "./log-scan.ts";
export { inclusionPath, merkleRoot, rootFromPath } from "./merkle.ts";
export { type LibraryChoice, NativeLibraryError } from "./native-addon.ts";
export {
  type NativeDoorway,
  type NativeDoorwayCounts,
  type NativeDoorwayOptions,
  openNativeDoorway,
} from "./native-doorway.ts";
export type { OpenEngineOptions } from "./open-engine.ts";
export { NativeEngineMissingError, openEngine } from "./open-engine.ts";
export { rootOfLeaves, splitHashes } from "./root-of-leaves.ts";
export { openSignatureVerifier } from "./signature-verifier.ts";
export type { TwinEngineOptions } from "./twin-engine.ts";
export { openTwinEngine } from "./twin-engine.ts";
