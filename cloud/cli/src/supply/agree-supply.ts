import { privateHashHex, SUPPLY_INPUT, type SupplyCommitment } from "@gridpact/contracts";
import { ask } from "@gridpact/ledger";
import { canonicalJson } from "@gridpact/settlement";
import { CliError } from "../cli-error.ts";
import type { Connect } from "../parts/members.ts";
import { readAgreementFile } from "./agreement-file.ts";
import { openingRefusal } from "./channel-supply.ts";

/** What the channel has of an agreement, and where. */
export type AgreedSupply = SupplyCommitment & { transactionId: string; blockNumber: number };

/**
 * The command `gridpact supply agree`: puts down an agreement in the name of its node. The device's signature is
 * checked before any peer sees the terms, and only the node's own organisation endorses, as whoever endorses sees them.
 * @throws CliError INPUT; LedgerError, with the contract's code when it refuses
 */
export async function agreeSupply(path: string, connect: Connect): Promise<AgreedSupply> {
  const agreement = readAgreementFile(path);
  const { vnId, deviceId, revision } = agreement.terms;
  const ledger = await connect(`vn-${vnId}`);
  const { publicKeyHex, mspId } = await ask(ledger, "registry:GetDevice", { deviceId });
  const refusal = openingRefusal(agreement, privateHashHex(agreement), publicKeyHex);
  if (refusal !== undefined) throw new CliError("INPUT", refusal);
  const { transactionId, blockNumber } = await ledger.execute(
    "supply:Agree",
    { deviceId, revision },
    {
      transientMap: { [SUPPLY_INPUT]: Buffer.from(canonicalJson(agreement)) },
      endorsingOrganisations: [mspId],
    },
  );
  const commitment = await ask(ledger, "supply:GetCommitment", { deviceId, revision });
  return { ...commitment, transactionId, blockNumber };
}
