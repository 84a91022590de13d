import { SeededRandom } from "@gridpact/host";
import { type SignatureClaim, type SignatureVerifier, verifyZip215 } from "@gridpact/proto";
import { expect, it } from "vitest";
import { TorsionCases } from "../verdicts/torsion-cases.ts";
import { loadNativeAddon, NativeLibraryError } from "./native-addon.ts";
import { openSignatureVerifier } from "./signature-verifier.ts";

const BYTES = new Uint8Array(1);

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

it.each(["auto", "general", "ifma"] as const)("of %s a batch holds when every signature in it does", (library) => {
  const { all } = opened(library);
  const cases = new TorsionCases(new SeededRandom("together"));
  const claims = Array.from({ length: 60 }, () => cases.next()).map(({ key: publicKey, ...rest }) => {
    return { publicKey, ...rest };
  });
  const holds = ({ publicKey, message, signature }: SignatureClaim) => verifyZip215(publicKey, message, signature);
  const holding = claims.filter(holds);
  const [forged] = claims.filter((claim) => !holds(claim));
  if (all === undefined || forged === undefined) return expect(loadNativeAddon()).toBeUndefined();
  expect(all([])).toBe(true);
  expect(all(holding)).toBe(true);
  for (const at of [0, Math.floor(holding.length / 2), holding.length]) {
    expect(all([...holding.slice(0, at), forged, ...holding.slice(at)])).toBe(false);
    expect(all([...holding.slice(0, at), { ...forged, publicKey: BYTES }, ...holding.slice(at)])).toBe(false);
  }
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
function opened(library: "auto" | "general" | "ifma"): SignatureVerifier {
  try {
    return openSignatureVerifier(library);
  } catch (error) {
    if (!(error instanceof NativeLibraryError)) throw error;
    process.stdout.write(`native: ${error.message}: not compared\n`);
    return verifyZip215;
  }
}
