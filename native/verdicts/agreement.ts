import { createHash } from "node:crypto";
import { SeededRandom } from "@gridpact/host";
import { type SignatureCase, TorsionCases } from "./torsion-cases.ts";
import type { NamedVerifier } from "./verifiers.ts";

/** What a run reports: all agree when the list is empty; that it says something shows in how many were `accepted`. */
export type Agreement = {
  count: number;
  accepted: number;
  /** Cases on which some verifier differs from the first one. */
  disagreements: { verifier: string; index: number; case: Record<"key" | "message" | "signature", string> }[];
  /** SHA-256 over the first verifier's verdicts, so that two runs can be compared. */
  verdictsHash: string;
};

/** Cases at once: large enough for full batches and lanes, with a last one that is not full. */
const CASES_AT_ONCE = 1_000;

/** Disagreements that are kept: one is enough to fail, and a broken verifier disagrees on half of all. */
const DISAGREEMENTS_MAX = 20;

/** Has random cases on the edges of ZIP-215 judged by all verifiers. The same seed gives the same cases. */
export function compareOnTorsion(
  verifiers: readonly NamedVerifier[],
  { count, seed }: { count: number; seed: string },
  progress: (done: number) => void = () => undefined,
): Agreement {
  const generator = new TorsionCases(new SeededRandom(seed));
  const hash = createHash("sha256");
  const agreement: Agreement = { count, accepted: 0, disagreements: [], verdictsHash: "" };
  for (let done = 0; done < count; ) {
    const cases = Array.from({ length: Math.min(CASES_AT_ONCE, count - done) }, () => generator.next());
    hash.update(compareCases(verifiers, cases, done, agreement));
    done += cases.length;
    progress(done);
  }
  agreement.verdictsHash = hash.digest("hex");
  return agreement;
}

/** Adds one lot to an agreement and returns the first verifier's verdicts on it. */
export function compareCases(
  verifiers: readonly NamedVerifier[],
  cases: readonly SignatureCase[],
  firstIndex: number,
  agreement: Agreement,
): Uint8Array {
  const [expected = new Uint8Array(), ...others] = verifiers.map((verifier) => verifier.verify(cases));
  for (const verdict of expected) agreement.accepted += verdict;
  for (const [other, verdicts] of others.entries()) {
    for (const [index, verdict] of verdicts.entries()) {
      if (verdict === expected[index] || agreement.disagreements.length >= DISAGREEMENTS_MAX) continue;
      const verifier = verifiers[other + 1]?.name ?? "";
      agreement.disagreements.push({ verifier, index: firstIndex + index, case: inHex(cases[index] as SignatureCase) });
    }
  }
  return expected;
}

function inHex({ key, message, signature }: SignatureCase) {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
  return { key: hex(key), message: hex(message), signature: hex(signature) };
}
