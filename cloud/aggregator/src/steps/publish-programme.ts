import type { LedgerArgument } from "@gridpact/ledger";
import type { StepContext } from "../aggregator-modules.ts";

/** Publishes the programme that nodes are asked under; published once, it has no other words ever after. */
export class ProgrammePublisher {
  #isPublished = false;

  step({ options: { programme }, acts, modules }: StepContext): void {
    if (programme === null || this.#isPublished) return;
    const { programmeId } = programme;
    const act = acts.perform(`programme/${programmeId}`, "programmes:Publish", programme as unknown as LedgerArgument);
    if (act.status === "pending") return;
    this.#isPublished = act.status === "committed" || act.refusal === "PROGRAMME_EXISTS";
    if (!this.#isPublished) modules.log.error("programme_refused", { programmeId });
  }
}
