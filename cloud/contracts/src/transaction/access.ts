import type { Role } from "./caller.ts";

/**
 * `any`: the role alone decides. `own`: the caller must also own what the transaction is about; a VN owns itself, its
 * contracts and its devices, a prosumer its device, the aggregator the account `aggregator`.
 */
export type Scope = "any" | "own";

/** A role without an entry is refused with ACCESS_DENIED. */
export type AccessRow = Readonly<Partial<Record<Role, Scope>>>;

/** What the whole channel may know: keys, roots and who takes part. */
const EVERYONE: AccessRow = {
  aggregator: "any",
  vn: "any",
  prosumer: "any",
  dso: "any",
  auditor: "any",
  administrator: "any",
};

const ACCOUNT_OWNERS: AccessRow = { aggregator: "own", vn: "own", prosumer: "own" };

const ACCOUNT_READERS: AccessRow = {
  aggregator: "own",
  vn: "own",
  prosumer: "own",
  auditor: "any",
  administrator: "any",
};

/** What follows from the ledger alone may be asked for by anyone whom it can concern. */
const ANYONE_CONCERNED: AccessRow = {
  aggregator: "any",
  vn: "any",
  prosumer: "any",
  auditor: "any",
  administrator: "any",
};

/** SC2 holds one prosumer's energy and money: not for the DSO, which sees aggregates only. */
const SC2_READERS: AccessRow = {
  aggregator: "any",
  vn: "own",
  prosumer: "own",
  auditor: "any",
  administrator: "any",
};

/** Who may call what: the one table. A role that a row does not name is refused. */
export const ACCESS = {
  "registry:RegisterVirtualNode": { aggregator: "any", administrator: "any" },
  "registry:GetVirtualNode": EVERYONE,
  "registry:EnrolDevice": { vn: "own" },
  "registry:RotateKey": { vn: "own" },
  "registry:ReleaseDevice": { vn: "own" },
  "registry:RevokeDevice": { vn: "own", administrator: "any" },
  "registry:GetDevice": EVERYONE,
  "registry:GetDeviceRevision": EVERYONE,
  "anchors:CommitAnchor": { vn: "own" },
  "anchors:GetAnchor": EVERYONE,
  "anchors:GetHead": EVERYONE,
  "time:AttestInstant": { aggregator: "any", vn: "any", dso: "any", auditor: "any" },
  "time:GetInstant": EVERYONE,
  "programmes:Publish": { aggregator: "any" },
  "programmes:Enrol": { vn: "own" },
  "programmes:Leave": { vn: "own" },
  "programmes:GetProgramme": EVERYONE,
  "programmes:GetAgreement": EVERYONE,
  "supply:Agree": { vn: "own" },
  "supply:GetAgreement": { vn: "own", prosumer: "own", auditor: "any" },
  "supply:GetCommitment": EVERYONE,
  "accounts:Mint": { administrator: "any" },
  "accounts:Consolidate": { aggregator: "own", vn: "own", administrator: "any" },
  "accounts:Burn": ACCOUNT_OWNERS,
  "accounts:SetSupplyLimit": { administrator: "any" },
  "accounts:Transfer": ACCOUNT_OWNERS,
  "accounts:Reserve": { aggregator: "own", vn: "own" },
  "accounts:GetAccount": ACCOUNT_READERS,
  "accounts:GetStatement": ACCOUNT_READERS,
  "accounts:GetSupply": EVERYONE,
  "sc1:SetupDR": { aggregator: "any" },
  "sc1:CommitBaselines": { vn: "own" },
  "sc1:AcceptReduction": { vn: "own" },
  "sc1:RefuseReduction": { vn: "own" },
  "sc1:CallFallback": { aggregator: "any" },
  "sc1:SettleDR": { aggregator: "any", vn: "own" },
  "sc1:DRCompletion": { aggregator: "any" },
  "sc1:GetContract": { aggregator: "any", vn: "own", dso: "any", auditor: "any", administrator: "any" },
  "sc1:GetChunk": { aggregator: "any", vn: "own", auditor: "any", administrator: "any" },
  "sc1:GetBaseline": SC2_READERS,
  "sc2:SetupDR": { vn: "own" },
  "sc2:SetupDRBatch": { vn: "own" },
  "sc2:AcceptReduction": { prosumer: "own" },
  "sc2:AcceptReductionBatch": { vn: "own" },
  "sc2:Amend": { vn: "own" },
  "sc2:SettleDR": { vn: "own" },
  "sc2:SettleDRBatch": { vn: "own" },
  "sc2:GetContract": SC2_READERS,
  "claims:Bill": { vn: "own" },
  "claims:Pay": ACCOUNT_OWNERS,
  "claims:Suspend": ACCOUNT_OWNERS,
  "claims:GetClaim": ACCOUNT_READERS,
  "claims:GetSuspension": EVERYONE,
  "hedges:PublishIndex": { dso: "any", auditor: "any" },
  "hedges:GetIndex": EVERYONE,
  "hedges:Offer": ACCOUNT_OWNERS,
  "hedges:Accept": ACCOUNT_OWNERS,
  "hedges:Withdraw": ACCOUNT_OWNERS,
  "hedges:Settle": ANYONE_CONCERNED,
  "hedges:Void": ANYONE_CONCERNED,
  "hedges:GetHedge": ANYONE_CONCERNED,
  "disputes:Open": { vn: "own", prosumer: "own" },
  "disputes:SubmitEvidence": { vn: "own", prosumer: "own" },
  "disputes:Rule": { auditor: "any" },
  "disputes:Close": ANYONE_CONCERNED,
  "disputes:Release": ANYONE_CONCERNED,
  "disputes:GetDispute": SC2_READERS,
  "disputes:OpenSc1": { aggregator: "any", vn: "own" },
  "disputes:SumAnew": { aggregator: "any", vn: "own" },
  "disputes:RuleSc1": { auditor: "any" },
  "disputes:CloseSc1": ANYONE_CONCERNED,
  "disputes:ReleaseSc1": ANYONE_CONCERNED,
  "disputes:GetSc1Dispute": { aggregator: "any", vn: "own", dso: "any", auditor: "any", administrator: "any" },
} as const satisfies Record<string, AccessRow>;

/** `contract:Transaction` as clients call it; what is not in `ACCESS` cannot be called. */
export type TransactionName = keyof typeof ACCESS;
