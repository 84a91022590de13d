import { demand } from "../contract-error.ts";
import { demandGoodStanding } from "../standing/index.ts";
import {
  AMOUNT_MICRO,
  CHAINCODE_EVENT,
  decimal,
  defineTransaction,
  nullable,
  object,
  type Shaped,
  type Transaction,
} from "../transaction/index.ts";
import { ACCOUNT_ID, ISSUER } from "./account-id.ts";
import { authoriseAccount } from "./account-owner.ts";
import { SUPPLY, supplyAt } from "./documents.ts";
import { postTransfers } from "./post-transfers.ts";

const AMOUNT_ARGUMENT = object({ accountId: ACCOUNT_ID, amountMicro: decimal({ min: 1n }) });

/** By an administrator. The answer, as that of the other two, is the supply after it. */
export const MINT = defineTransaction({ name: "accounts:Mint", argument: AMOUNT_ARGUMENT, result: SUPPLY });

/** By the holder, or a device's virtual node for it. */
export const BURN = defineTransaction({ name: "accounts:Burn", argument: AMOUNT_ARGUMENT, result: SUPPLY });

/** Of what circulates: minted less burned, so burning makes room for minting. */
export const SET_SUPPLY_LIMIT = defineTransaction({
  name: "accounts:SetSupplyLimit",
  argument: object({ circulatingMaxMicro: nullable(AMOUNT_MICRO) }),
  result: SUPPLY,
});

/** The argument is `{}`. */
export const GET_SUPPLY = defineTransaction({ name: "accounts:GetSupply", argument: object({}), result: SUPPLY });

type Supply = Shaped<typeof SUPPLY>;

/**
 * Makes money, within the limit: with burning the only act that changes how much there is.
 *
 * @throws ContractError ACCOUNT_SUPPLY_EXCEEDED
 */
export async function mint(
  transaction: Transaction,
  { accountId, amountMicro }: Shaped<typeof AMOUNT_ARGUMENT>,
): Promise<Supply> {
  const before = await getSupply(transaction);
  const supply: Supply = { ...before, mintedMicro: before.mintedMicro + amountMicro };
  checkLimit(supply);
  transaction.state.putMoney(supplyAt(), supply);
  await postTransfers(transaction, [{ kind: "mint", fromId: ISSUER, toId: accountId, amountMicro, contractId: null }]);
  transaction.emit(CHAINCODE_EVENT.MINTED, { accountId });
  return supply;
}

/**
 * The holder gives money up, to be paid out in what it stands for.
 *
 * @throws ContractError ACCESS_NOT_OWNER, PARTY_SUSPENDED, ACCOUNT_INSUFFICIENT
 */
export async function burn(
  transaction: Transaction,
  { accountId, amountMicro }: Shaped<typeof AMOUNT_ARGUMENT>,
): Promise<Supply> {
  await authoriseAccount(transaction, accountId);
  await demandGoodStanding(transaction, accountId);
  const before = await getSupply(transaction);
  const supply: Supply = { ...before, burnedMicro: before.burnedMicro + amountMicro };
  transaction.state.putMoney(supplyAt(), supply);
  await postTransfers(transaction, [{ kind: "burn", fromId: accountId, toId: ISSUER, amountMicro, contractId: null }]);
  transaction.emit(CHAINCODE_EVENT.BURNED, { accountId });
  return supply;
}

/**
 * Sets how much money there may be; null for no limit.
 *
 * @throws ContractError ACCOUNT_SUPPLY_EXCEEDED when there is more already
 */
export async function setSupplyLimit(
  transaction: Transaction,
  { circulatingMaxMicro }: Shaped<typeof SET_SUPPLY_LIMIT.argument>,
): Promise<Supply> {
  const supply: Supply = { ...(await getSupply(transaction)), circulatingMaxMicro };
  checkLimit(supply);
  transaction.state.putMoney(supplyAt(), supply);
  return supply;
}

/** Zero and without limit before the first mint. */
export async function getSupply({ state }: Transaction): Promise<Supply> {
  return (await state.get(supplyAt())) ?? { mintedMicro: 0n, burnedMicro: 0n, circulatingMaxMicro: null };
}

function checkLimit({ mintedMicro, burnedMicro, circulatingMaxMicro }: Supply): void {
  const circulatingMicro = mintedMicro - burnedMicro;
  const isWithin = circulatingMaxMicro === null || circulatingMicro <= circulatingMaxMicro;
  demand(isWithin, "ACCOUNT_SUPPLY_EXCEEDED", () => `${circulatingMicro} of at most ${circulatingMaxMicro}`);
}
