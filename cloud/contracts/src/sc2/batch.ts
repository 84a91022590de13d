import { SC2_STATE } from "../agreement/index.ts";
import { ID, list, object } from "../transaction/index.ts";

/**
 * SC2 in one transaction. Settling one takes about half a millisecond and 2 kB of evidence, so a full batch keeps a
 * peer busy for a tenth of a second and stays far below the orderers' message limit.
 */
export const SC2_BATCH_MAX = 200;

/** What became of each contract of a batch. The contracts themselves would double the size of the transaction. */
export const SC2_STATUSES = object({
  contracts: list(object({ contractId: ID, state: SC2_STATE }), { min: 1, max: SC2_BATCH_MAX }),
});
