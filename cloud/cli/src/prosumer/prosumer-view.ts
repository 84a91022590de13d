import { deviceAccount, type SupplyAgreement, type TransactionResult } from "@gridpact/contracts";
import { ask, type Ledger } from "@gridpact/ledger";
import { type DisputedSc2, findDisputedSc2 } from "../disputes/disputed-contract.ts";
import type { Connect } from "../parts/members.ts";
import { showSupply } from "../supply/show-supply.ts";

/** What the ledger has of a device, for its owner. */
export type ProsumerView = {
  device: TransactionResult<"registry:GetDevice">;
  account: Pick<TransactionResult<"accounts:GetAccount">, "accountId" | "balanceMicro" | "spendableMicro">;
  /** Private ones, of every revision, oldest first. */
  agreements: SupplyAgreement[];
  /** With disputes about them, newest first. */
  contracts: DisputedSc2[];
  /** Older contracts were left out. */
  hasMoreContracts: boolean;
};

/** Entries asked for at once; the contract gives no more. */
const STATEMENT_PAGE = 100;

/**
 * Asks, as the device, for what it may know of itself. Contracts are those that have moved money of its account: the
 * ledger has no list of a device's contracts, and one that it never accepted is nothing to it.
 * @throws CliError INPUT; EvaluateError with the contract's code when it refuses
 */
export async function prosumerView(
  { deviceId, contractsMax }: { deviceId: string; contractsMax: number },
  connect: Connect,
): Promise<ProsumerView> {
  const ledger = await connect(deviceId);
  const device = await ask(ledger, "registry:GetDevice", { deviceId });
  const accountId = deviceAccount(deviceId);
  const { balanceMicro, spendableMicro } = await ask(ledger, "accounts:GetAccount", { accountId });
  const agreements = await showSupply({ deviceId, as: deviceId }, async () => ledger);
  const contracts: DisputedSc2[] = [];
  // Ids of other things that money is moved by, such as claims, are passed over.
  const ids = (await idsInStatement(ledger, accountId)).reverse();
  for (let id = ids[0]; id !== undefined && contracts.length < contractsMax; id = ids[0]) {
    contracts.push(...[await findDisputedSc2(ledger, id)].filter((found) => found !== undefined));
    ids.shift();
  }
  const account = { accountId, balanceMicro, spendableMicro };
  return { device, account, agreements, contracts, hasMoreContracts: ids.length > 0 };
}

/** On whose terms an account's money was moved, each once, in the order in which they first did. */
async function idsInStatement(ledger: Pick<Ledger, "evaluate">, accountId: string): Promise<string[]> {
  const ids = new Set<string>();
  for (let after: string | null = ""; after !== null; ) {
    const page: TransactionResult<"accounts:GetStatement"> = await ask(ledger, "accounts:GetStatement", {
      accountId,
      after,
      limit: STATEMENT_PAGE,
    });
    for (const { contractId } of page.entries.flatMap(({ transfers }) => transfers)) {
      if (contractId !== null) ids.add(contractId);
    }
    after = page.next;
  }
  return [...ids];
}
