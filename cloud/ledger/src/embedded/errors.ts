import type { BlockFault } from "../protocol/index.ts";

/** A stored block is not what was once committed: nothing after it can be believed, so nothing is served. */
export class LedgerDamagedError extends Error {
  readonly code = "LEDGER_DAMAGED";
  readonly blockNumber: number;
  readonly fault: BlockFault | "CHAIN_BROKEN";

  constructor(blockNumber: number, fault: LedgerDamagedError["fault"]) {
    super(`block ${blockNumber} of the ledger is damaged: ${fault}; restore the ledger's directory from a backup`);
    this.name = "LedgerDamagedError";
    this.blockNumber = blockNumber;
    this.fault = fault;
  }
}

/** The directory holds the chain of another consortium than the one configured. */
export class LedgerConfigError extends Error {
  readonly code = "LEDGER_CONFIG";

  constructor() {
    super("the ledger's block 0 names another consortium than the one configured");
    this.name = "LedgerConfigError";
  }
}
