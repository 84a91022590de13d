import { SC2_PER_CHUNK_MAX, SC2_STATE } from "../agreement/index.ts";
import { ID, list, object } from "../transaction/index.ts";

/** SC2 in one transaction: a whole chunk. */
export const SC2_BATCH_MAX = SC2_PER_CHUNK_MAX;

/** What became of each contract of a batch. The contracts themselves would double the size of the transaction. */
export const SC2_STATUSES = object({
  contracts: list(object({ contractId: ID, state: SC2_STATE }), { min: 1, max: SC2_BATCH_MAX }),
});
