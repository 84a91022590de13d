import type { SignatureVerifier } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { verifiedTogether } from "./verified-together.ts";

const BYTES = new Uint8Array(1);
const claimOf = (signature: number) => [BYTES, BYTES, Uint8Array.of(signature)] as const;

/** Signatures 0 hold, others do not; `batches` has the size of each batch that was verified. */
function verifierNoting() {
  const batches: number[] = [];
  const singles: number[] = [];
  const one = (_key: Uint8Array, _message: Uint8Array, signature: Uint8Array) => {
    singles.push(signature[0] ?? -1);
    return signature[0] === 0;
  };
  const all: SignatureVerifier["all"] = (claims) => {
    batches.push(claims.length);
    return claims.every(({ signature }) => signature[0] === 0);
  };
  return { verify: Object.assign(one, { all }), one, batches, singles };
}

describe("signatures of a transaction", () => {
  it("are verified together, once, when all of them hold", async () => {
    const { verify, batches, singles } = verifierNoting();
    const result = await verifiedTogether(verify, async (each) => [each(...claimOf(0)), each(...claimOf(0))]);
    expect(result).toEqual([true, true]);
    expect([batches, singles]).toEqual([[2], []]);
  });

  it("are verified one by one when one does not hold, and what came of believing it is thrown away", async () => {
    const { verify, singles } = verifierNoting();
    const run = async (each: SignatureVerifier) => [0, 1, 0].map((signature) => each(...claimOf(signature)));
    expect(await verifiedTogether(verify, run)).toEqual([true, false, true]);
    expect(singles).toEqual([0, 1, 0]);
  });

  it("keep a refusal that has nothing to do with them", async () => {
    const { verify, batches, singles } = verifierNoting();
    const run = async (each: SignatureVerifier) => {
      each(...claimOf(0));
      throw new RangeError("something else");
    };
    await expect(verifiedTogether(verify, run)).rejects.toThrow("something else");
    expect([batches, singles]).toEqual([[1], []]);
  });

  it("are named first when one does not hold before something else is refused", async () => {
    const { verify } = verifierNoting();
    const run = async (each: SignatureVerifier) => {
      if (!each(...claimOf(1))) throw new RangeError("the signature");
      throw new RangeError("something else");
    };
    await expect(verifiedTogether(verify, run)).rejects.toThrow("the signature");
  });

  it("are asked for one by one of a verifier that has no batches", async () => {
    const { one, singles } = verifierNoting();
    expect(await verifiedTogether(one, async (each) => each(...claimOf(1)))).toBe(false);
    expect(singles).toEqual([1]);
  });
});
