import { EVENT_INTERVALS_MAX } from "@gridpact/settlement";
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
  NET_ENERGY_WH,
  nullable,
  object,
  oneOf,
  perInterval,
  type Shaped,
  type Transaction,
  VN_ID,
  wholeNumber,
} from "../transaction/index.ts";
import { DEVICE_SETTLEMENT } from "./settlement-shapes.ts";

/** What virtual node and device agree on, fixed at `sc2:SetupDR`; the device signs the hash of exactly this. */
export const SC2_TERMS = object({
  contractId: ID,
  sc1Id: ID,
  deviceId: DEVICE_ID,
  /** A run of the intervals of the SC1. */
  intervals: INTERVALS,
  /** Reduction asked for in each interval, Wh. */
  orderedWh: perInterval(ENERGY_WH),
  /** As committed in the SC1 before the event, Wh in each interval. */
  baselineWh: perInterval(NET_ENERGY_WH),
  priceMicroPerWh: AMOUNT_MICRO,
  penaltyMicroPerWh: AMOUNT_MICRO,
  /** Most that the prosumer can lose; its deposit. */
  penaltyCapMicro: AMOUNT_MICRO,
  /** Chosen before the event, or called in during it. */
  kind: oneOf(["original", "replacement"]),
});

/**
 * Life of an SC2.
 *
 *      proposed --AcceptReduction--> accepted --SettleDR--> settled --sc1:DRCompletion--> completed
 *         `--SettleDR--> expired
 */
export const SC2_STATE = oneOf(["proposed", "accepted", "settled", "completed", "expired"]);

/** More than one amendment for each interval would change one that has begun. */
const AMENDMENT_NO = wholeNumber({ min: 1, max: EVENT_INTERVALS_MAX });

/** What an amendment puts in the place of the terms; everything else of them stays. */
export const ORDER_IN_FORCE_FIELDS = {
  /** Amendments of one contract are numbered from 1, so that each is made once and builds on the one before. */
  amendmentNo: AMENDMENT_NO,
  /** One value for each interval of the contract; those that have begun are as they were. */
  orderedWh: perInterval(ENERGY_WH),
  penaltyCapMicro: AMOUNT_MICRO,
};

/** An SC2 as the world state keeps it. */
export const SC2 = object({
  terms: SC2_TERMS,
  /** `termsHash` of the terms. */
  termsHashHex: HASH_HEX,
  /** That of the SC1, fixed before the device agreed. */
  policy: POLICY,
  /** The newest one; null while the terms are as they were accepted. */
  amendment: nullable(object(ORDER_IN_FORCE_FIELDS)),
  vnId: VN_ID,
  state: SC2_STATE,
  /** Money that the contract holds now: escrow, then escrow and deposit, then nothing. */
  heldMicro: AMOUNT_MICRO,
  /** SHA-256 of the canonical JSON of the evidence, which itself lies in the block. */
  evidenceHashHex: nullable(HASH_HEX),
  settlement: nullable(DEVICE_SETTLEMENT),
});

/** As signed by the device. Where an order was amended use `termsInForce`, not this. */
export type Sc2Terms = Shaped<typeof SC2_TERMS>;
/** `vnId` is the node of its SC1 and stays so after the device has moved: that node settles it. */
export type Sc2 = Shaped<typeof SC2>;
/** No state leads back; `expired` (never accepted) and `completed` are ends. */
export type Sc2State = Shaped<typeof SC2_STATE>;

/** By contract id, which is unique over all SC1. */
export const sc2At = collection("sc2", SC2);

/** The terms with the order in force: what a contract holds money for and is settled by. */
export function termsInForce({ terms, amendment }: Pick<Sc2, "terms" | "amendment">): Sc2Terms {
  if (amendment === null) return terms;
  const { orderedWh, penaltyCapMicro } = amendment;
  return { ...terms, orderedWh, penaltyCapMicro };
}

/** @throws ContractError SC2_UNKNOWN */
export async function getSc2({ state }: Transaction, contractId: string): Promise<Sc2> {
  const contract = await state.get(sc2At(contractId));
  demand(contract !== undefined, "SC2_UNKNOWN", () => contractId);
  return contract;
}

/** @throws ContractError SC2_WRONG_STATE unless the contract is in the wanted state */
export function demandSc2State({ terms, state }: Sc2, wanted: Sc2State): void {
  demand(state === wanted, "SC2_WRONG_STATE", () => `${terms.contractId} is ${state}, not ${wanted}`);
}
