import { strict as assert } from "node:assert";
import { gateway } from "@hyperledger/fabric-protos";
import { type FabricNetwork, fabricConsortium } from "../../fabric/index.ts";
import { type Authority, BlockNotProvenError, type MspId, OrderedBlockVerifier } from "../../src/index.ts";
import type { Market } from "../market.ts";

/** From blocks and signatures alone: that a device's enrolment was ordered, and that it took effect. */
export async function believeBlock(
  { paths, topology }: FabricNetwork,
  authorities: ReadonlyMap<MspId, Authority>,
  market: Market,
): Promise<object> {
  const verifier = new OrderedBlockVerifier(fabricConsortium({ paths, topology, authorities }));
  const deviceId = "light-client";
  const feid = await market.enrol(deviceId, 0n);
  const attributes = { role: "auditor" };
  const auditor = market.world.clientOf(market.world.issue({ mspId: "AuditorMSP", commonName: "light", attributes }));
  await market.world.caughtUp();
  const { height } = await auditor.chainInfo();
  const { bytes } = await auditor.block(height - 1);
  const block = verifier.verify(bytes);
  const enrolment = [...block.transactions.values()].find(({ parsed }) =>
    Buffer.from(parsed.args[1] ?? []).includes(feid.publicKeyHex),
  );
  assert.ok(enrolment !== undefined, "the last block has no enrolment");
  // Endorsed and never submitted: two organisations' word on what they read.
  const reader = envelopeOf((await auditor.prepare("registry:GetDevice", { deviceId })).bytes);
  assert.ok(verifier.provesEffect(enrolment, reader), "the reader proves nothing");
  const forged = Buffer.from(bytes);
  forged.write("light-CLIENT", forged.indexOf(deviceId));
  assert.throws(() => verifier.verify(forged), BlockNotProvenError);
  return { block: block.number, blockBytes: bytes.length, transactions: block.transactions.size };
}

function envelopeOf(preparedBytes: Uint8Array): Uint8Array {
  const envelope = gateway.PreparedTransaction.deserializeBinary(preparedBytes).getEnvelope();
  assert.ok(envelope !== undefined);
  return envelope.serializeBinary();
}
