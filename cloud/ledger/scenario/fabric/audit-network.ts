import { strict as assert } from "node:assert";
import { openSignatureVerifier } from "@gridpact/native";
import { type FabricNetwork, fabricConsortium } from "../../fabric/index.ts";
import {
  type AuditReport,
  type Authority,
  auditBlocks,
  type Ledger,
  type MspId,
  ProofThread,
} from "../../src/index.ts";
import type { Market } from "../market.ts";

/**
 * Recomputes all that the network did, from the blocks that one peer hands out: ordered by a quorum, validated anew,
 * each transaction run again. And one bit of one of these blocks changed is found.
 */
export async function auditNetwork(
  { paths, topology }: FabricNetwork,
  authorities: ReadonlyMap<MspId, Authority>,
  market: Market,
): Promise<object> {
  await market.world.caughtUp();
  const blocks = await fetchBlocks(market.auditor);
  const consortium = fabricConsortium({ paths, topology, authorities });
  const audit = (given: readonly Uint8Array[]): Promise<AuditReport> => {
    const verifier = new ProofThread({ ledgerKind: "fabric", consortium });
    const modules = { verifier, verifySignature: openSignatureVerifier() };
    return auditBlocks(streamed(given), modules).finally(() => verifier.close());
  };
  const { ok, counts, money, findings } = await audit(blocks);
  assert.ok(ok, JSON.stringify(findings[0]));
  assert.equal(money.onAccountsMicro + money.heldMicro, money.mintedMicro);
  const damaged = blocks.map((bytes) => Buffer.from(bytes));
  const last = damaged.at(-1);
  assert.ok(last !== undefined);
  const middle = Math.floor(last.length / 2);
  last[middle] = (last[middle] ?? 0) ^ 1;
  assert.ok(!(await audit(damaged)).ok, "a changed bit was not found");
  return { ...counts, mintedMicro: `${money.mintedMicro}` };
}

async function fetchBlocks(ledger: Ledger): Promise<Uint8Array[]> {
  const { height } = await ledger.chainInfo();
  const blocks: Uint8Array[] = [];
  for (let number = 0; number < height; number++) blocks.push((await ledger.block(number)).bytes);
  return blocks;
}

async function* streamed(blocks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* blocks;
}
