import { fundsFor } from "@gridpact/settlement";
import { demand } from "../contract-error.ts";
import { getVirtualNode } from "../registry/index.ts";
import {
  CHAINCODE_EVENT,
  defineTransaction,
  ENERGY_WH,
  ID,
  nullable,
  object,
  type Shaped,
  type Transaction,
  VN_ID,
} from "../transaction/index.ts";
import {
  AGREEMENT,
  type Agreement,
  agreementAt,
  DEFAULT_PROGRAMME,
  DEFAULT_PROGRAMME_ID,
  incentiveOf,
  PROGRAMME,
  type Programme,
  programmeAt,
} from "./documents.ts";

/** By the aggregator (`publish-programme.ts`). */
export const PUBLISH_PROGRAMME = defineTransaction({
  name: "programmes:Publish",
  argument: PROGRAMME,
  result: PROGRAMME,
});

/** By the node's agent (`join-programme.ts`); null for no limit of its own. */
export const ENROL_IN_PROGRAMME = defineTransaction({
  name: "programmes:Enrol",
  argument: object({ programmeId: ID, vnId: VN_ID, orderedWhPerIntervalMax: nullable(ENERGY_WH) }),
  result: AGREEMENT,
});

/** By the node, by hand; it may enrol again. */
export const LEAVE_PROGRAMME = defineTransaction({
  name: "programmes:Leave",
  argument: object({ programmeId: ID, vnId: VN_ID }),
  result: AGREEMENT,
});

/** `default` is answered, though it was never published. */
export const GET_PROGRAMME = defineTransaction({
  name: "programmes:GetProgramme",
  argument: object({ programmeId: ID }),
  result: PROGRAMME,
});

/** Refused with PROGRAMME_NOT_ENROLLED for one that has ended, too. */
export const GET_AGREEMENT = defineTransaction({
  name: "programmes:GetAgreement",
  argument: object({ programmeId: ID, vnId: VN_ID }),
  result: AGREEMENT,
});

const PER_MILLE_MAX = 1_000n;

/**
 * Publishes a programme, once: those who enrolled agreed to these words and to no others.
 *
 * @throws ContractError PROGRAMME_EXISTS, TERMS_INVALID
 */
export async function publishProgramme(transaction: Transaction, programme: Programme): Promise<Programme> {
  const { programmeId, policy } = programme;
  const known = programmeId === DEFAULT_PROGRAMME_ID || (await transaction.state.get(programmeAt(programmeId)));
  demand(!known, "PROGRAMME_EXISTS", () => programmeId);
  checkPolicy(programme);
  transaction.state.put(programmeAt(programmeId), programme);
  transaction.emit(CHAINCODE_EVENT.PROGRAMME_PUBLISHED, { programmeId, incentive: policy.incentive.kind });
  return programme;
}

/**
 * A virtual node agrees to a programme, with a capacity of its own if it has one.
 *
 * @throws ContractError ACCESS_NOT_OWNER, REGISTRY_VN_UNKNOWN, PROGRAMME_UNKNOWN, PROGRAMME_ENROLLED
 */
export async function enrolInProgramme(
  transaction: Transaction,
  { programmeId, vnId, orderedWhPerIntervalMax }: Shaped<typeof ENROL_IN_PROGRAMME.argument>,
): Promise<Agreement> {
  transaction.authorise({ vnId });
  await getVirtualNode(transaction, { vnId });
  await getProgramme(transaction, { programmeId });
  const standing = await transaction.state.get(agreementAt(programmeId, vnId));
  const isNew = programmeId !== DEFAULT_PROGRAMME_ID && standing?.state !== "active";
  demand(isNew, "PROGRAMME_ENROLLED", () => `${vnId} in ${programmeId}`);
  return putAgreement(transaction, { programmeId, vnId, state: "active", orderedWhPerIntervalMax });
}

/**
 * Ends an agreement; contracts that were set up under it go on.
 *
 * @throws ContractError ACCESS_NOT_OWNER, PROGRAMME_NOT_ENROLLED
 */
export async function leaveProgramme(
  transaction: Transaction,
  { programmeId, vnId }: { programmeId: string; vnId: string },
): Promise<Agreement> {
  transaction.authorise({ vnId });
  const isLeavable = programmeId !== DEFAULT_PROGRAMME_ID;
  demand(isLeavable, "PROGRAMME_NOT_ENROLLED", () => `nobody enrols in ${programmeId}`);
  return putAgreement(transaction, { ...(await getAgreement(transaction, { programmeId, vnId })), state: "ended" });
}

/** @throws ContractError PROGRAMME_UNKNOWN */
export async function getProgramme(
  { state }: Transaction,
  { programmeId }: { programmeId: string },
): Promise<Programme> {
  if (programmeId === DEFAULT_PROGRAMME_ID) return DEFAULT_PROGRAMME;
  const programme = await state.get(programmeAt(programmeId));
  demand(programme !== undefined, "PROGRAMME_UNKNOWN", () => programmeId);
  return programme;
}

/** @throws ContractError PROGRAMME_NOT_ENROLLED unless the virtual node's agreement is active */
export async function getAgreement(
  { state }: Transaction,
  { programmeId, vnId }: { programmeId: string; vnId: string },
): Promise<Agreement> {
  if (programmeId === DEFAULT_PROGRAMME_ID)
    return { programmeId, vnId, state: "active", orderedWhPerIntervalMax: null };
  const agreement = await state.get(agreementAt(programmeId, vnId));
  demand(agreement?.state === "active", "PROGRAMME_NOT_ENROLLED", () => `${vnId} in ${programmeId}`);
  return agreement;
}

function putAgreement(transaction: Transaction, agreement: Agreement): Agreement {
  const { programmeId, vnId, state } = agreement;
  transaction.state.put(agreementAt(programmeId, vnId), agreement);
  transaction.emit(CHAINCODE_EVENT.PROGRAMME_AGREED, { programmeId, vnId, state });
  return agreement;
}

/** What the settlement rules would refuse later is refused before anyone agrees to it. */
function checkPolicy({ policy, availability }: Programme): void {
  const { deadBandPerMille, holdBackPerMille } = policy;
  const nothing = { direction: "reduce", priceMicroPerWh: 0n, penaltyMicroPerWh: 0n, penaltyCapMicro: 0n } as const;
  fundsFor({ ...nothing, deadBandPerMille, incentive: incentiveOf(policy) }, []);
  demand(holdBackPerMille <= PER_MILLE_MAX, "TERMS_INVALID", () => "holdBackPerMille: at most 1000");
  const isSpan = availability === null || availability.startMinute < availability.endMinute;
  demand(isSpan, "TERMS_INVALID", () => "availability: must end after it starts");
}
