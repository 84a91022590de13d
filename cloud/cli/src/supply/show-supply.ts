import type { SupplyAgreement } from "@gridpact/contracts";
import { ask } from "@gridpact/ledger";
import { AUDITOR, type Connect } from "../parts/members.ts";
import { revisionCount } from "./channel-supply.ts";

export type ShowSupplyOptions = {
  deviceId: string;
  /** All of them when left out. */
  revision?: number;
  /** In whose name; the device's node when left out, whose peer has the values. */
  as?: string;
};

/**
 * The command `gridpact supply show`: agreements as a peer that has them gives them to who may see them.
 * @throws CliError INPUT; LedgerError with the contract's code for anyone else
 */
export async function showSupply(
  { deviceId, revision, as }: ShowSupplyOptions,
  connect: Connect,
): Promise<SupplyAgreement[]> {
  const asker = await connect(as ?? AUDITOR);
  const { vnId, mspId } = await ask(asker, "registry:GetDevice", { deviceId });
  const ledger = as === undefined ? await connect(`vn-${vnId}`) : asker;
  // An auditor without a peer of its own asks the node's.
  const agreementOf = (each: number) =>
    ask(ledger, "supply:GetAgreement", { deviceId, revision: each }, { endorsingOrganisations: [mspId] });
  if (revision !== undefined) return [await agreementOf(revision)];
  const agreements: SupplyAgreement[] = [];
  const count = await revisionCount(ledger, deviceId);
  while (agreements.length < count) agreements.push(await agreementOf(agreements.length));
  return agreements;
}
