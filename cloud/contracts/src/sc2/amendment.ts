/**
 * Re-arranging energy between the devices of one SC1 while the event runs. An amendment puts other orders in the place
 * of those that devices agreed to, for intervals that have not begun:
 *
 *      interval          0      1      2      3         now is in interval 1
 *      feid-1 (fails)  1000   1000 |    0      0        amendment 1, signed by feid-1: it announces that it cannot
 *      feid-2          1000   1000 | 1600   1600        amendment 1, signed by feid-2
 *      feid-3 (new)                |  400    400        an SC2 of its own, named as joined
 *      change of sum      0      0 |    0      0        stated, and checked
 *
 * Every device signs every change of its own order. For a raise that is its consent. For a cut it is the one proof that
 * needs no judgement: a node that could cut an order alone could keep a delivering device from its pay, and a device
 * that fails gains by signing, as it owes nothing for what was taken off it.
 */
import { amendmentSigningBytes, SIGNATURE_BYTES } from "@gridpact/proto";
import { type Funds, fundsFor, type OrderChange, sumOrderChanges } from "@gridpact/settlement";
import { deviceAccount, postTransfers, type Transfer, vnAccount } from "../accounts/index.ts";
import {
  adjustFunds,
  amendmentHash,
  checkPerInterval,
  demandSc1State,
  demandSc2State,
  endOf,
  getSc1,
  getSc2,
  ORDER_IN_FORCE_FIELDS,
  positionIn,
  type Sc1,
  type Sc2,
  sc2At,
  sc2SettlementTerms,
  termsInForce,
} from "../agreement/index.ts";
import { demand } from "../contract-error.ts";
import { getActiveDevice } from "../registry/index.ts";
import { demandGoodStanding } from "../standing/index.ts";
import { isBeforeAll } from "../time/index.ts";
import {
  CHAINCODE_EVENT,
  COUNT,
  collection,
  defineTransaction,
  hex,
  ID,
  list,
  NET_ENERGY_WH,
  object,
  perInterval,
  type Shaped,
  type Transaction,
} from "../transaction/index.ts";
import { sellIntervals } from "./acceptance.ts";
import { SC2_BATCH_MAX } from "./batch.ts";

const CHANGE = object({
  contractId: ID,
  ...ORDER_IN_FORCE_FIELDS,
  /** The device's signature over `amendmentSigningBytes` of the `amendmentHash` of all this. */
  signatureHex: hex({ bytesMin: SIGNATURE_BYTES, bytesMax: SIGNATURE_BYTES }),
});

/** By the node's agent (`amend-contracts.ts`), during the event. */
export const AMEND_SC2 = defineTransaction({
  name: "sc2:Amend",
  argument: object({
    sc1Id: ID,
    changes: list(CHANGE, { min: 1, max: SC2_BATCH_MAX }),
    /** Replacements that have accepted and take over part of what is moved; each is named once. */
    joinedIds: list(ID, { min: 0, max: SC2_BATCH_MAX }),
    /**
     * By how much the order of all devices together changes, for each interval of the SC1: zero moves energy, below
     * zero gives some up, above zero orders more, as for a device that keeps its order because it said nothing.
     */
    sumChangeWh: perInterval(NET_ENERGY_WH),
  }),
  result: object({ contracts: list(object({ contractId: ID, amendmentNo: COUNT }), { min: 1, max: SC2_BATCH_MAX }) }),
});

type Change = Shaped<typeof CHANGE>;

/** Under which SC1 a replacement was named as joined. */
const joinedAt = collection("joined", object({ sc1Id: ID }));

/**
 * Amends the orders of many SC2 of one SC1: all of them or none. Escrow and deposit follow the order in force at once.
 *
 * @throws ContractError SC1_UNKNOWN, ACCESS_NOT_OWNER, SC1_WRONG_STATE, SC2_UNKNOWN, SC2_FOREIGN, SC2_WRONG_STATE,
 *   SC2_AMENDMENT_OUT_OF_SEQUENCE, TERMS_INVALID, SC2_AMENDMENT_LATE, SC2_ORDER_EXCEEDED, PARTY_SUSPENDED,
 *   REGISTRY_DEVICE_REVOKED, REGISTRY_DEVICE_RELEASED, SC2_AMENDMENT_UNPROVEN, SC2_INTERVAL_SOLD,
 *   SC2_AMENDMENT_UNBALANCED, ACCOUNT_INSUFFICIENT
 */
export async function amendSc2(
  transaction: Transaction,
  { sc1Id, changes, joinedIds, sumChangeWh }: Shaped<typeof AMEND_SC2.argument>,
): Promise<Shaped<typeof AMEND_SC2.result>> {
  const sc1 = await getSc1(transaction, sc1Id);
  transaction.authorise(sc1.terms);
  demandSc1State(sc1, "accepted");
  const orders: OrderChange[] = [];
  const transfers: Transfer[] = [];
  for (const change of changes) {
    const before = await getOwn(transaction, sc1, change.contractId);
    const after = await amend(transaction, { sc1, contract: before, change });
    orders.push(orderChange(before, after));
    transfers.push(...fundsChange(before, after));
  }
  for (const contractId of joinedIds) orders.push(await join(transaction, sc1, contractId));
  checkSum(sc1, orders, sumChangeWh);
  await postTransfers(transaction, transfers);
  const contracts = changes.map(({ contractId, amendmentNo }) => ({ contractId, amendmentNo }));
  transaction.emit(CHAINCODE_EVENT.SC2_AMENDED, { sc1Id, contracts, joinedIds });
  return { contracts };
}

/** An SC2 that is accepted under this SC1. */
async function getOwn(transaction: Transaction, { terms }: Sc1, contractId: string): Promise<Sc2> {
  const contract = await getSc2(transaction, contractId);
  const isOwn = contract.terms.sc1Id === terms.contractId;
  demand(isOwn, "SC2_FOREIGN", () => `${contractId} is under ${contract.terms.sc1Id}, not ${terms.contractId}`);
  demandSc2State(contract, "accepted");
  return contract;
}

type Amending = { readonly sc1: Sc1; readonly contract: Sc2; readonly change: Change };

async function amend(transaction: Transaction, amending: Amending): Promise<Sc2> {
  const { contract, change } = amending;
  const { contractId, amendmentNo, orderedWh, penaltyCapMicro, signatureHex } = change;
  const nextNo = (contract.amendment?.amendmentNo ?? 0) + 1;
  demand(amendmentNo === nextNo, "SC2_AMENDMENT_OUT_OF_SEQUENCE", () => `the next of ${contractId} is ${nextNo}`);
  await checkChange(transaction, amending);
  const device = await getActiveDevice(transaction, contract.terms.deviceId);
  const message = amendmentSigningBytes(Buffer.from(amendmentHash({ ...contract, ...change }), "hex"));
  const publicKey = Buffer.from(device.publicKeyHex, "hex");
  const isSigned = transaction.verifySignature(publicKey, message, Buffer.from(signatureHex, "hex"));
  demand(isSigned, "SC2_AMENDMENT_UNPROVEN", () => `${device.deviceId} did not sign amendment ${amendmentNo}`);
  await sellIntervals(transaction, contract.terms, newlyOrdered(contract, orderedWh));
  const amended: Sc2 = { ...contract, amendment: { amendmentNo, orderedWh, penaltyCapMicro } };
  const { escrowMicro, depositMicro } = fundsInForce(amended);
  const held: Sc2 = { ...amended, heldMicro: escrowMicro + depositMicro };
  transaction.state.put(sc2At(contractId), held);
  return held;
}

/**
 * Orders where the contract had none. An interval that an earlier amendment bought and a later one gave back is sold,
 * nobody looks up to whom: it is not ordered again.
 */
function newlyOrdered(contract: Sc2, orderedWh: readonly bigint[]): bigint[] {
  const before = [contract.terms.orderedWh, termsInForce(contract).orderedWh];
  return orderedWh.map((each, index) => (before.some((wh) => (wh[index] ?? 0n) > 0n) ? 0n : each));
}

/** The numbers of a change: of intervals to come alone, within what the SC1 asks for, of parties in good standing. */
async function checkChange(transaction: Transaction, { sc1, contract, change }: Amending): Promise<void> {
  const { contractId, deviceId, intervals, orderedWh, penaltyCapMicro } = termsInForce(contract);
  checkPerInterval(intervals, { orderedWh: change.orderedWh });
  const firstChanged = change.orderedWh.findIndex((each, index) => each !== orderedWh[index]);
  demand(firstChanged !== -1, "TERMS_INVALID", () => `orderedWh: that of ${contractId} is as it was`);
  const instants = [...intervals.slice(firstChanged).map(({ startUnixMs }) => startUnixMs), endOf({ intervals })];
  const isInTime = await isBeforeAll(transaction, instants);
  demand(isInTime, "SC2_AMENDMENT_LATE", () => `interval ${firstChanged} of ${contractId} began at ${instants[0]}`);
  const raised = change.orderedWh.flatMap((each, index) => (each > (orderedWh[index] ?? 0n) ? [index] : []));
  const offset = positionIn(sc1.terms.intervals, intervals) ?? 0;
  const exceeded = raised.find(
    (index) => (change.orderedWh[index] ?? 0n) > (sc1.terms.orderedWh[offset + index] ?? 0n),
  );
  demand(exceeded === undefined, "SC2_ORDER_EXCEEDED", () => `interval ${exceeded} of ${contractId}: over the SC1's`);
  if (raised.length === 0 && change.penaltyCapMicro <= penaltyCapMicro) return;
  for (const each of [vnAccount(contract.vnId), deviceAccount(deviceId)]) await demandGoodStanding(transaction, each);
}

function orderChange(before: Sc2, after: Sc2): OrderChange {
  const { intervals } = before.terms;
  return { intervals, beforeWh: termsInForce(before).orderedWh, afterWh: termsInForce(after).orderedWh };
}

function fundsChange(before: Sc2, after: Sc2): Transfer[] {
  const { vnId, terms } = before;
  const sides = {
    contractId: terms.contractId,
    payerId: vnAccount(vnId),
    providerId: deviceAccount(terms.deviceId),
  };
  return adjustFunds(sides, fundsInForce(before), fundsInForce(after));
}

/** What an accepted contract holds. */
function fundsInForce(contract: Sc2): Funds {
  const terms = termsInForce(contract);
  return fundsFor(sc2SettlementTerms({ terms, policy: contract.policy }), terms.orderedWh);
}

/** Named twice, a replacement would be counted for two amendments. */
async function join(transaction: Transaction, sc1: Sc1, contractId: string): Promise<OrderChange> {
  const contract = await getOwn(transaction, sc1, contractId);
  const { kind, sc1Id, intervals } = contract.terms;
  const joined = joinedAt(contractId);
  const isNew = kind === "replacement" && (await transaction.state.get(joined)) === undefined;
  demand(isNew, "TERMS_INVALID", () => `joinedIds: ${contractId} is no replacement that joins now`);
  transaction.state.put(joined, { sc1Id });
  const { orderedWh } = termsInForce(contract);
  return { intervals, beforeWh: orderedWh.map(() => 0n), afterWh: orderedWh };
}

function checkSum({ terms }: Sc1, orders: readonly OrderChange[], statedWh: readonly bigint[]): void {
  checkPerInterval(terms.intervals, { sumChangeWh: statedWh });
  const changeWh = sumOrderChanges(terms.intervals, orders);
  const differing = changeWh.findIndex((each, index) => each !== statedWh[index]);
  demand(
    differing === -1,
    "SC2_AMENDMENT_UNBALANCED",
    () => `interval ${differing}: orders change by ${changeWh[differing]} Wh, stated are ${statedWh[differing]}`,
  );
}
