import { BASELINE_METHODS } from "@gridpact/settlement";
import { demand } from "../contract-error.ts";
import { POLICY } from "../programmes/index.ts";
import {
  AMOUNT_MICRO,
  collection,
  DEVICE_ID,
  ENERGY_WH,
  HASH_HEX,
  ID,
  INTERVALS,
  list,
  NET_ENERGY_WH,
  nullable,
  object,
  oneOf,
  perInterval,
  REASON,
  record,
  type Shaped,
  type Transaction,
  VN_ID,
} from "../transaction/index.ts";
import { CHUNK_STATUS, CHUNKS_PER_SC1_MAX, SC2_PER_CHUNK_MAX } from "./chunk.ts";
import { VIRTUAL_NODE_SETTLEMENT } from "./settlement-shapes.ts";

/** Fallback virtual nodes that one request may name; beyond a handful there is no time left to call them in. */
export const FALLBACK_VNS_MAX = 16;

/** Devices whose baselines one SC1 may commit: each is one key to write, and the argument stays below 1 MB. */
export const BASELINE_DEVICES_MAX = 2_000;

/** What aggregator and virtual node agree on, fixed at `sc1:SetupDR`. */
export const SC1_TERMS = object({
  contractId: ID,
  eventId: ID,
  /** Programme under which it is asked; `default` has no limits. */
  programmeId: ID,
  vnId: VN_ID,
  /** Market time units without gaps. */
  intervals: INTERVALS,
  /** Reduction asked for in each interval, Wh. */
  orderedWh: perInterval(ENERGY_WH),
  priceMicroPerWh: AMOUNT_MICRO,
  penaltyMicroPerWh: AMOUNT_MICRO,
  /** Most that the virtual node can lose; its deposit. */
  penaltyCapMicro: AMOUNT_MICRO,
  baselineMethod: oneOf(BASELINE_METHODS),
  /** Called in, in this order, when the virtual node falls short. */
  fallbackVnIds: list(VN_ID, { min: 0, max: FALLBACK_VNS_MAX }),
  /** SHA-256 of the virtual node's acceptance document. */
  acceptanceProofHashHex: HASH_HEX,
});

/** What the virtual node commits to before the event. It is never changed: no one plans with hindsight. */
export const SC1_COMMITMENT_FIELDS = {
  /** `baselineCommitment` of the baselines given. */
  baselineCommitmentHex: HASH_HEX,
  forecastHashHex: HASH_HEX,
  planHashHex: HASH_HEX,
  /** What the virtual node expects to deliver in each interval, Wh. */
  nominatedWh: perInterval(ENERGY_WH),
};

/** Baselines of all devices that may take part, originals and possible replacements: Wh in each interval of the SC1. */
export const BASELINES = record(DEVICE_ID, perInterval(NET_ENERGY_WH), { max: BASELINE_DEVICES_MAX });

/**
 * Life of an SC1.
 *
 *      proposed --AcceptReduction--> accepted --SettleDR--> settled --DRCompletion--> completed
 *         |--RefuseReduction--> refused
 *         `--SettleDR---------> expired
 */
export const SC1_STATE = oneOf(["proposed", "accepted", "settled", "completed", "refused", "expired"]);

/** An SC1 as the world state keeps it. */
export const SC1 = object({
  terms: SC1_TERMS,
  /** As the programme had it when the contract was set up. */
  policy: POLICY,
  state: SC1_STATE,
  /** Money that the contract holds now: escrow, then escrow and deposit, then nothing. */
  heldMicro: AMOUNT_MICRO,
  commitment: nullable(object(SC1_COMMITMENT_FIELDS)),
  refusal: nullable(REASON),
  settlement: nullable(VIRTUAL_NODE_SETTLEMENT),
});

/** Most SC2 that one SC1 can have. */
export const SC2_PER_SC1_MAX = CHUNKS_PER_SC1_MAX * SC2_PER_CHUNK_MAX;

/** What a transaction about an SC1 returns; `GetContract` also tells of its chunks. */
export const SC1_RESULT = object({ contract: SC1 });

/** An SC1 and the SC2 under it. */
export const SC1_VIEW = object({
  contract: SC1,
  sc2ContractIds: list(ID, { min: 0, max: SC2_PER_SC1_MAX }),
  chunks: list(CHUNK_STATUS, { min: 0, max: CHUNKS_PER_SC1_MAX }),
});

/** Wh for each interval, micro-currency per Wh; never changed after `sc1:SetupDR`. */
export type Sc1Terms = Shaped<typeof SC1_TERMS>;
/** `settlement` is null until `settled`; a dispute that is upheld replaces it, the chunks stay as they were. */
export type Sc1 = Shaped<typeof SC1>;
/** The one field leaves room: `Sc1View` has the chunks beside it. */
export type Sc1Result = Shaped<typeof SC1_RESULT>;
/** Read by agents, keepers and the auditor's commands (`sc1:GetContract`). */
export type Sc1View = Shaped<typeof SC1_VIEW>;
/** No state leads back; `refused`, `expired` and `completed` are ends. */
export type Sc1State = Shaped<typeof SC1_STATE>;
/** By device id; net import, so negative where a device exports. */
export type Baselines = Shaped<typeof BASELINES>;

/** By contract id; read by everything that touches one of its SC2. */
export const sc1At = collection("sc1", SC1);

/** @throws ContractError SC1_UNKNOWN */
export async function getSc1({ state }: Transaction, contractId: string): Promise<Sc1> {
  const contract = await state.get(sc1At(contractId));
  demand(contract !== undefined, "SC1_UNKNOWN", () => contractId);
  return contract;
}

/** @throws ContractError SC1_WRONG_STATE unless the contract is in the wanted state */
export function demandSc1State({ terms, state }: Sc1, wanted: Sc1State): void {
  demand(state === wanted, "SC1_WRONG_STATE", () => `${terms.contractId} is ${state}, not ${wanted}`);
}
