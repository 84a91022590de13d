import { demand } from "../contract-error.ts";
import { getActiveDevice, getDevice } from "../registry/index.ts";
import {
  CHAINCODE_EVENT,
  COUNT,
  DEVICE_ID,
  defineTransaction,
  object,
  type Transaction,
} from "../transaction/index.ts";
import { checkSupplyConsent } from "./check-opening.ts";
import {
  SUPPLY_AGREEMENT,
  SUPPLY_COMMITMENT,
  type SupplyAgreement,
  type SupplyCommitment,
  supplyAgreementAt,
} from "./documents.ts";

type SupplyId = { readonly deviceId: string; readonly revision: number };

const SUPPLY_ID = object({ deviceId: DEVICE_ID, revision: COUNT });

/** Transient field that carries the agreement, as canonical JSON. */
export const SUPPLY_INPUT = "agreement";

/** By the node (`gridpact supply agree`); what is agreed on is not in the argument. */
export const AGREE_SUPPLY = defineTransaction({ name: "supply:Agree", argument: SUPPLY_ID, result: SUPPLY_ID });

/** Only of a peer that has the collection; another answers SUPPLY_UNKNOWN. */
export const GET_SUPPLY_AGREEMENT = defineTransaction({
  name: "supply:GetAgreement",
  argument: SUPPLY_ID,
  result: SUPPLY_AGREEMENT,
});

/** Of every peer. */
export const GET_SUPPLY_COMMITMENT = defineTransaction({
  name: "supply:GetCommitment",
  argument: SUPPLY_ID,
  result: SUPPLY_COMMITMENT,
});

/**
 * Puts down what a virtual node and a prosumer agreed on, signed by the device. The agreement comes by the transient
 * field `agreement`; the channel gets its salted hash and the number of the revision. What is agreed is never changed,
 * only followed by the next revision.
 *
 * @throws ContractError REGISTRY_DEVICE_UNKNOWN, REGISTRY_DEVICE_REVOKED, ACCESS_NOT_OWNER, PRIVATE_INPUT_MISSING,
 *   ARGUMENT_INVALID, SUPPLY_FOREIGN_DEVICE, SUPPLY_REVISION_TAKEN, SUPPLY_UNKNOWN, SUPPLY_CONSENT_UNPROVEN
 */
export async function agreeSupply(transaction: Transaction, id: SupplyId): Promise<SupplyId> {
  const { deviceId, revision } = id;
  const device = await getActiveDevice(transaction, deviceId);
  transaction.authorise({ vnId: device.vnId });
  const agreement = transaction.secrets.input(SUPPLY_INPUT, SUPPLY_AGREEMENT);
  const { terms } = agreement;
  const isMeant = terms.deviceId === deviceId && terms.revision === revision && terms.vnId === device.vnId;
  demand(isMeant, "SUPPLY_FOREIGN_DEVICE", () => `the agreement is not revision ${revision} of ${deviceId}`);
  await checkSequence(transaction, id);
  checkSupplyConsent(agreement, device.publicKeyHex, transaction.verifySignature);
  transaction.secrets.put(supplyAgreementAt(id), agreement);
  transaction.emit(CHAINCODE_EVENT.SUPPLY_AGREED, { deviceId, revision });
  return id;
}

/**
 * The agreement itself, for its two sides and the auditor, from a peer that has it.
 *
 * @throws ContractError REGISTRY_DEVICE_UNKNOWN, ACCESS_NOT_OWNER, SUPPLY_UNKNOWN
 */
export async function readSupplyAgreement(transaction: Transaction, id: SupplyId): Promise<SupplyAgreement> {
  const { deviceId } = id;
  transaction.authorise({ vnId: (await getDevice(transaction, { deviceId })).vnId, deviceId });
  const agreement = await transaction.secrets.get(supplyAgreementAt(id));
  demand(agreement !== undefined, "SUPPLY_UNKNOWN", () => `revision ${id.revision} of ${deviceId}`);
  return agreement;
}

/** @throws ContractError SUPPLY_UNKNOWN */
export async function readSupplyCommitment(transaction: Transaction, id: SupplyId): Promise<SupplyCommitment> {
  const hashHex = await transaction.secrets.hashHex(supplyAgreementAt(id));
  demand(hashHex !== undefined, "SUPPLY_UNKNOWN", () => `revision ${id.revision} of ${id.deviceId}`);
  return { ...id, hashHex };
}

/** Revisions follow each other without gaps, so whoever knows the last knows that nothing is kept from it. */
async function checkSequence({ secrets }: Transaction, id: SupplyId): Promise<void> {
  const existing = await secrets.hashHex(supplyAgreementAt(id));
  demand(existing === undefined, "SUPPLY_REVISION_TAKEN", () => `revision ${id.revision} of ${id.deviceId}`);
  if (id.revision === 0) return;
  const before = await secrets.hashHex(supplyAgreementAt({ ...id, revision: id.revision - 1 }));
  demand(before !== undefined, "SUPPLY_UNKNOWN", () => `there is no revision ${id.revision - 1} of ${id.deviceId}`);
}
