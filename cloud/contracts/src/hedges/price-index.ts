/**
 * A published price index. No organisation sets prices that it pays or is paid by: the DSO and the auditor publish each
 * interval's price, and it stands when both said the same.
 */
import { demand } from "../contract-error.ts";
import {
  CHAINCODE_EVENT,
  defineTransaction,
  ID,
  nullable,
  object,
  type Shaped,
  type Transaction,
  UNIX_MS,
} from "../transaction/index.ts";
import { INDEX_PRICE, PUBLISHED_PRICE, publishedPriceAt } from "./documents.ts";

const PUBLISHER_MSP_IDS = ["DsoMSP", "AuditorMSP"] as const;

/** A word once given cannot be corrected: where the two differ the hedge ends by `hedges:Void`. */
export const PUBLISH_INDEX = defineTransaction({
  name: "hedges:PublishIndex",
  argument: PUBLISHED_PRICE,
  result: PUBLISHED_PRICE,
});

/** Reads what stands, not what one publisher said. */
export const GET_INDEX = defineTransaction({
  name: "hedges:GetIndex",
  argument: object({ indexId: ID, startUnixMs: UNIX_MS }),
  /** Null until both publishers said the same. */
  result: object({ priceMicroPerWh: nullable(INDEX_PRICE) }),
});

/**
 * Publishes one interval's price, once.
 *
 * @throws ContractError INDEX_PUBLISHED
 */
export async function publishIndex(
  transaction: Transaction,
  price: Shaped<typeof PUBLISHED_PRICE>,
): Promise<Shaped<typeof PUBLISHED_PRICE>> {
  const { indexId, startUnixMs } = price;
  const { state, caller } = transaction;
  const key = publishedPriceAt(indexId, `${startUnixMs}`, caller.mspId);
  demand((await state.get(key)) === undefined, "INDEX_PUBLISHED", () => `${indexId} at ${startUnixMs}`);
  state.put(key, price);
  transaction.emit(CHAINCODE_EVENT.INDEX_PUBLISHED, { indexId, startUnixMs });
  return price;
}

/** @returns a null price also for an index that nobody ever published */
export async function readIndex(
  transaction: Transaction,
  { indexId, startUnixMs }: { indexId: string; startUnixMs: number },
): Promise<{ priceMicroPerWh: bigint | null }> {
  return { priceMicroPerWh: await standingPrice(transaction, indexId, startUnixMs) };
}

/** The price on which both publishers agree; null while they do not. */
export async function standingPrice(
  { state }: Transaction,
  indexId: string,
  startUnixMs: number,
): Promise<bigint | null> {
  const prices: (bigint | undefined)[] = [];
  for (const mspId of PUBLISHER_MSP_IDS) {
    prices.push((await state.get(publishedPriceAt(indexId, `${startUnixMs}`, mspId)))?.priceMicroPerWh);
  }
  const [first] = prices;
  return first !== undefined && prices.every((each) => each === first) ? first : null;
}
