import { type LedgerActs, ledgerRefusal } from "@gridpact/ledger";
import type { AgentLedger, Given } from "./agent-host.ts";

/**
 * Agrees to the programme that the node is to be asked under, once the aggregator has published it. An agreement that
 * stands is left alone.
 */
export class ProgrammeMember {
  #hasJoined = false;

  async step({ options, modules, acts }: Given<"ledger"> & { acts: LedgerActs }): Promise<void> {
    const { vnId, programmeId } = options;
    if (programmeId === null || this.#hasJoined) return;
    this.#hasJoined = await hasJoined(modules.ledger, { vnId, programmeId });
    if (this.#hasJoined) return;
    // Before the aggregator has published it and registered the node it is refused, and asked for again.
    const argument = { programmeId, vnId, orderedWhPerIntervalMax: null };
    acts.perform(`programme/${programmeId}`, "programmes:Enrol", argument);
  }
}

async function hasJoined(ledger: AgentLedger, ids: { vnId: string; programmeId: string }): Promise<boolean> {
  try {
    await ledger.evaluate("programmes:GetAgreement", ids);
    return true;
  } catch (error) {
    if (ledgerRefusal(error) === "PROGRAMME_NOT_ENROLLED") return false;
    throw error;
  }
}
