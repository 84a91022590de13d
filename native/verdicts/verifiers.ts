import { createRequire } from "node:module";
import { verifyZip215 } from "@gridpact/proto";
import { loadNativeAddon, type NativeAddon, NativeLibraryError } from "../src/native-addon.ts";
import type { SignatureCase } from "./torsion-cases.ts";

/** One of the verifiers that must agree: each native library, and the TypeScript twin's. */
export type NamedVerifier = { name: string; verify(cases: readonly SignatureCase[]): Uint8Array };

/** First in every comparison: it is the oracle that the others are held against. */
export const TWIN: NamedVerifier = {
  name: "twin",
  verify: (cases) =>
    Uint8Array.from(cases, ({ key, message, signature }) => (verifyZip215(key, message, signature) ? 1 : 0)),
};

/** The libraries that were built and that this CPU runs; `say` learns of those that are missing. */
export function nativeVerifiers(say: (line: string) => void): NamedVerifier[] {
  const verifiers: NamedVerifier[] = [];
  for (const library of ["general", "ifma"] as const) {
    try {
      const addon = loadNativeAddon(library);
      if (addon === undefined) say("the addon is not built: the twin is compared with nothing");
      else verifiers.push(verifierOf(library, addon));
    } catch (error) {
      if (!(error instanceof NativeLibraryError)) throw error;
      say(`${error.message}: not compared`);
    }
  }
  return verifiers;
}

/** A library from anywhere, such as one built for a CPU without vector instructions. */
export function verifierOfLibrary(name: string, path: string): NamedVerifier {
  return verifierOf(name, createRequire(import.meta.url)(path) as NativeAddon);
}

function verifierOf(name: string, addon: NativeAddon): NamedVerifier {
  return { name, verify: (cases) => addon.verifySignatures(packed(cases)) };
}

function packed(cases: readonly SignatureCase[]): Uint8Array {
  return Buffer.concat(
    cases.flatMap(({ key, message, signature }) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(message.length);
      return [key, signature, length, message];
    }),
  );
}
