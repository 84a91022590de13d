import { strict as assert } from "node:assert";
import { gateway } from "@hyperledger/fabric-protos";
import { type FabricNetwork, fabricConsortium } from "../../fabric/index.ts";
import {
  type Authority,
  BlockNotProvenError,
  CHAINCODE_NAME,
  committedDefinition,
  definitionCommitsIn,
  type Ledger,
  type MspId,
  OrderedBlockVerifier,
  type OrderedTransaction,
} from "../../src/index.ts";
import type { Market } from "../market.ts";
import { agreeInPrivate, supplyAgreement } from "../supply.ts";

/** From blocks and signatures alone: that a device's enrolment was ordered, and that it took effect. */
export async function believeBlock(
  { paths, topology }: FabricNetwork,
  authorities: ReadonlyMap<MspId, Authority>,
  market: Market,
): Promise<object> {
  const verifier = new OrderedBlockVerifier(fabricConsortium({ paths, topology, authorities }));
  const deviceId = "light-client";
  const feid = await market.enrol(deviceId, 0n);
  const auditor = lightClient(market, "light");
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

/**
 * The same of what one organisation endorsed for a private collection: who has to endorse it is read from the life
 * cycle in the channel's own blocks, and two organisations' word on a hash proves it.
 */
export async function believePrivateAgreement(
  { paths, topology }: FabricNetwork,
  authorities: ReadonlyMap<MspId, Authority>,
  market: Market,
): Promise<object> {
  const consortium = fabricConsortium({ paths, topology, authorities });
  const verifier = new OrderedBlockVerifier(consortium);
  const feid = await market.enrol("light-private", 0n);
  const { transactionId } = await agreeInPrivate(market, supplyAgreement(market, feid));
  await market.world.caughtUp();
  const auditor = lightClient(market, "light-private");
  const commits = await commitsIn(auditor, verifier);
  const { policies, commit, sequence } = committedDefinition({ consortium, chaincodeName: CHAINCODE_NAME }, commits);
  const id = { deviceId: feid.deviceId, revision: 0 };
  const wish = { endorsingOrganisations: ["AggregatorMSP", "VnMSP"] };
  const reader = envelopeOf((await auditor.prepare("supply:GetCommitment", id, wish)).bytes);
  assert.ok(verifier.provesEffect(commit, reader), "the reader does not go by this definition");
  const byDefinition = new OrderedBlockVerifier(consortium, policies);
  const { bytes } = await auditor.blockByTransaction(transactionId);
  const agreed = byDefinition.verify(bytes).transactions.get(transactionId);
  assert.ok(agreed !== undefined, "the agreement is not endorsed by the committed definition");
  assert.equal(agreed.parsed.endorsements.length, 1);
  assert.ok(byDefinition.provesEffect(agreed, reader), "the reader proves nothing of the agreement");
  return { sequence, commits: commits.length, block: agreed.place.blockNumber };
}

/** Every commit of a definition of the chaincode, from the channel's first block on. */
async function commitsIn(ledger: Ledger, verifier: OrderedBlockVerifier): Promise<OrderedTransaction[]> {
  const { height } = await ledger.chainInfo();
  const commits: OrderedTransaction[] = [];
  for (let number = 0; number < height; number++) {
    const { bytes } = await ledger.block(number);
    commits.push(...definitionCommitsIn(verifier.verify(bytes), CHAINCODE_NAME));
  }
  return commits;
}

function lightClient({ world }: Market, commonName: string): Ledger {
  return world.clientOf(world.issue({ mspId: "AuditorMSP", commonName, attributes: { role: "auditor" } }));
}

function envelopeOf(preparedBytes: Uint8Array): Uint8Array {
  const envelope = gateway.PreparedTransaction.deserializeBinary(preparedBytes).getEnvelope();
  assert.ok(envelope !== undefined);
  return envelope.serializeBinary();
}
