import { expect, it } from "vitest";
import * as publicFace from "./index.ts";

it("exports just these names", () => {
  expect(Object.keys(publicFace).sort()).toEqual([
    "EngineError",
    "EnvelopeBatch",
    "LINES_BYTES_MIN",
    "NativeEngineMissingError",
    "NativeLibraryError",
    "QUEUED_ENVELOPES_MAX",
    "inclusionPath",
    "merkleRoot",
    "openEngine",
    "openNativeDoorway",
    "openSignatureVerifier",
    "openTwinEngine",
    "packDeviceId",
    "rootFromPath",
    "rootOfLeaves",
    "scanLog",
    "splitHashes",
  ]);
});
