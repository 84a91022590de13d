import { SeededRandom } from "@gridpact/host";
import { verifyZip215 } from "@gridpact/proto";
import { expect, it } from "vitest";
import { TorsionCases } from "../verdicts/torsion-cases.ts";
import { NativeLibraryError } from "./native-addon.ts";
import { openSignatureVerifier } from "./signature-verifier.ts";

it.each(["auto", "general", "ifma"] as const)("the verifier %s gives the twin's verdicts, one by one", (library) => {
  const verify = opened(library);
  const cases = new TorsionCases(new SeededRandom("single"));
  const verdicts = Array.from({ length: 60 }, () => {
    const { key, message, signature } = cases.next();
    expect(verify(key, message, signature)).toBe(verifyZip215(key, message, signature));
    return verify(key, message, signature);
  });
  expect(new Set(verdicts).size).toBe(2);
});

it("refuses a key and a signature of another length instead of reading on", () => {
  const verify = openSignatureVerifier();
  const { key, message, signature } = new TorsionCases(new SeededRandom("length")).next();
  for (const [otherKey, otherSignature] of [
    [key.subarray(1), signature],
    [Buffer.concat([key, key]), signature],
    [key, signature.subarray(1)],
    [key, Buffer.concat([signature, key])],
    [new Uint8Array(), new Uint8Array()],
  ] as const) {
    expect(verify(otherKey, message, otherSignature)).toBe(false);
  }
});

/** The twin where this machine cannot run the library, which is said. */
function opened(library: "auto" | "general" | "ifma") {
  try {
    return openSignatureVerifier(library);
  } catch (error) {
    if (!(error instanceof NativeLibraryError)) throw error;
    process.stdout.write(`native: ${error.message}: not compared\n`);
    return verifyZip215;
  }
}
