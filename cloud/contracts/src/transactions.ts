import type { JsonValue } from "@gridpact/settlement";
import {
  BURN,
  CONSOLIDATE,
  GET_ACCOUNT,
  GET_STATEMENT,
  GET_SUPPLY,
  MINT,
  RESERVE,
  SET_SUPPLY_LIMIT,
  TRANSFER_MONEY,
} from "./accounts/index.ts";
import { COMMIT_ANCHOR, GET_ANCHOR, GET_HEAD } from "./anchors/index.ts";
import { BILL, GET_CLAIM, GET_SUSPENSION, PAY_CLAIM, SUSPEND_DEBTOR } from "./claims/index.ts";
import { ContractError } from "./contract-error.ts";
import {
  CLOSE_DISPUTE,
  CLOSE_SC1_DISPUTE,
  GET_DISPUTE,
  GET_SC1_DISPUTE,
  OPEN_DISPUTE,
  OPEN_SC1_DISPUTE,
  RELEASE,
  RELEASE_SC1,
  RULE,
  RULE_SC1,
  SUBMIT_EVIDENCE,
  SUM_ANEW,
} from "./disputes/index.ts";
import {
  ACCEPT_HEDGE,
  GET_HEDGE,
  GET_INDEX,
  OFFER_HEDGE,
  PUBLISH_INDEX,
  SETTLE_HEDGE,
  VOID_HEDGE,
  WITHDRAW_HEDGE,
} from "./hedges/index.ts";
import {
  ENROL_IN_PROGRAMME,
  GET_AGREEMENT,
  GET_PROGRAMME,
  LEAVE_PROGRAMME,
  PUBLISH_PROGRAMME,
} from "./programmes/index.ts";
import {
  ENROL_DEVICE,
  GET_DEVICE,
  GET_DEVICE_REVISION,
  GET_VIRTUAL_NODE,
  REGISTER_VIRTUAL_NODE,
  RELEASE_DEVICE,
  REVOKE_DEVICE,
  ROTATE_KEY,
} from "./registry/index.ts";
import {
  ACCEPT_SC1,
  CALL_FALLBACK,
  COMMIT_BASELINES,
  COMPLETE_SC1,
  GET_BASELINE,
  GET_CHUNK,
  GET_SC1,
  REFUSE_SC1,
  SETTLE_SC1,
  SETUP_SC1,
} from "./sc1/index.ts";
import {
  ACCEPT_SC2,
  ACCEPT_SC2_BATCH,
  AMEND_SC2,
  GET_SC2,
  SETTLE_SC2,
  SETTLE_SC2_BATCH,
  SETUP_SC2,
  SETUP_SC2_BATCH,
} from "./sc2/index.ts";
import { AGREE_SUPPLY, GET_SUPPLY_AGREEMENT, GET_SUPPLY_COMMITMENT } from "./supply/index.ts";
import { ATTEST_INSTANT, GET_INSTANT } from "./time/index.ts";
import { readShape, type Shape, type Shaped, type TransactionName, type TransactionSpec } from "./transaction/index.ts";

/** Every transaction with the shapes of its argument and result. */
export const TRANSACTIONS = {
  "registry:RegisterVirtualNode": REGISTER_VIRTUAL_NODE,
  "registry:GetVirtualNode": GET_VIRTUAL_NODE,
  "registry:EnrolDevice": ENROL_DEVICE,
  "registry:RotateKey": ROTATE_KEY,
  "registry:ReleaseDevice": RELEASE_DEVICE,
  "registry:RevokeDevice": REVOKE_DEVICE,
  "registry:GetDevice": GET_DEVICE,
  "registry:GetDeviceRevision": GET_DEVICE_REVISION,
  "anchors:CommitAnchor": COMMIT_ANCHOR,
  "anchors:GetAnchor": GET_ANCHOR,
  "anchors:GetHead": GET_HEAD,
  "time:AttestInstant": ATTEST_INSTANT,
  "time:GetInstant": GET_INSTANT,
  "programmes:Publish": PUBLISH_PROGRAMME,
  "programmes:Enrol": ENROL_IN_PROGRAMME,
  "programmes:Leave": LEAVE_PROGRAMME,
  "programmes:GetProgramme": GET_PROGRAMME,
  "programmes:GetAgreement": GET_AGREEMENT,
  "supply:Agree": AGREE_SUPPLY,
  "supply:GetAgreement": GET_SUPPLY_AGREEMENT,
  "supply:GetCommitment": GET_SUPPLY_COMMITMENT,
  "accounts:Mint": MINT,
  "accounts:Consolidate": CONSOLIDATE,
  "accounts:Burn": BURN,
  "accounts:SetSupplyLimit": SET_SUPPLY_LIMIT,
  "accounts:Transfer": TRANSFER_MONEY,
  "accounts:Reserve": RESERVE,
  "accounts:GetAccount": GET_ACCOUNT,
  "accounts:GetStatement": GET_STATEMENT,
  "accounts:GetSupply": GET_SUPPLY,
  "sc1:SetupDR": SETUP_SC1,
  "sc1:CommitBaselines": COMMIT_BASELINES,
  "sc1:AcceptReduction": ACCEPT_SC1,
  "sc1:RefuseReduction": REFUSE_SC1,
  "sc1:CallFallback": CALL_FALLBACK,
  "sc1:SettleDR": SETTLE_SC1,
  "sc1:DRCompletion": COMPLETE_SC1,
  "sc1:GetContract": GET_SC1,
  "sc1:GetChunk": GET_CHUNK,
  "sc1:GetBaseline": GET_BASELINE,
  "sc2:SetupDR": SETUP_SC2,
  "sc2:SetupDRBatch": SETUP_SC2_BATCH,
  "sc2:AcceptReduction": ACCEPT_SC2,
  "sc2:AcceptReductionBatch": ACCEPT_SC2_BATCH,
  "sc2:Amend": AMEND_SC2,
  "sc2:SettleDR": SETTLE_SC2,
  "sc2:SettleDRBatch": SETTLE_SC2_BATCH,
  "sc2:GetContract": GET_SC2,
  "claims:Bill": BILL,
  "claims:Pay": PAY_CLAIM,
  "claims:Suspend": SUSPEND_DEBTOR,
  "claims:GetClaim": GET_CLAIM,
  "claims:GetSuspension": GET_SUSPENSION,
  "hedges:PublishIndex": PUBLISH_INDEX,
  "hedges:GetIndex": GET_INDEX,
  "hedges:Offer": OFFER_HEDGE,
  "hedges:Accept": ACCEPT_HEDGE,
  "hedges:Withdraw": WITHDRAW_HEDGE,
  "hedges:Settle": SETTLE_HEDGE,
  "hedges:Void": VOID_HEDGE,
  "hedges:GetHedge": GET_HEDGE,
  "disputes:Open": OPEN_DISPUTE,
  "disputes:SubmitEvidence": SUBMIT_EVIDENCE,
  "disputes:Rule": RULE,
  "disputes:Close": CLOSE_DISPUTE,
  "disputes:Release": RELEASE,
  "disputes:GetDispute": GET_DISPUTE,
  "disputes:OpenSc1": OPEN_SC1_DISPUTE,
  "disputes:SumAnew": SUM_ANEW,
  "disputes:RuleSc1": RULE_SC1,
  "disputes:CloseSc1": CLOSE_SC1_DISPUTE,
  "disputes:ReleaseSc1": RELEASE_SC1,
  "disputes:GetSc1Dispute": GET_SC1_DISPUTE,
} as const satisfies { [N in TransactionName]: TransactionSpec<N, unknown, unknown> };

/** What a transaction takes, with energies and money as bigint. */
export type TransactionArgument<N extends TransactionName> = Shaped<(typeof TRANSACTIONS)[N]["argument"]>;

/** What a transaction gives, with energies and money as bigint. */
export type TransactionResult<N extends TransactionName> = Shaped<(typeof TRANSACTIONS)[N]["result"]>;

/**
 * Reads what a transaction returned, given as parsed JSON.
 *
 * @throws ContractError RESULT_INVALID when it is not what these contracts return
 */
export function readResult<N extends TransactionName>(name: N, result: JsonValue): TransactionResult<N> {
  const reading = readShape(TRANSACTIONS[name].result as Shape<TransactionResult<N>>, result);
  if (reading.ok) return reading.value;
  throw new ContractError("RESULT_INVALID", `${name}: ${reading.faults.join("; ")}`);
}
