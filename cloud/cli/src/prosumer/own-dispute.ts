import { readDisputedSc2 } from "../disputes/disputed-contract.ts";
import { actsOf, disputedText } from "../disputes/run-dispute.ts";
import type { Connect } from "../parts/members.ts";

/** What a prosumer may do about the settlement of its own contract; ruling and ending are for others. */
export type OwnDisputeAct = { kind: "show" } | { kind: "open"; reason: string } | { kind: "evidence"; path: string };

/**
 * The command `gridpact prosumer dispute`: acts in the device's own name, and shows what its contract has come to.
 * @throws CliError INPUT; LedgerError with the contract's code when it refuses
 */
export async function runOwnDispute(
  { deviceId, contractId, json }: { deviceId: string; contractId: string; json: boolean },
  act: OwnDisputeAct,
  { connect, write }: { connect: Connect; write: (text: string) => void },
): Promise<void> {
  const ledger = await connect(deviceId);
  const disputed = await readDisputedSc2(ledger, contractId);
  const acts = actsOf(act, disputed);
  for (const [transaction, argument] of acts) await ledger.execute(transaction, argument);
  write(disputedText(acts.length === 0 ? disputed : await readDisputedSc2(ledger, contractId), json));
}
