import { loadSolver } from "@gridpact/flexibility";
import type { Disk } from "@gridpact/host";
import {
  type ChoiceRecord,
  type ChoiceReplay,
  ChoiceStore,
  explainChoice,
  type ProsumerExplanation,
  replayChoice,
} from "./choice/index.ts";
import { ProsumerBook } from "./prosumer/index.ts";

/** A choice as a node kept it, whether it comes out the same again, and what it means for each prosumer. */
export type KeptChoice = { record: ChoiceRecord; replay: ChoiceReplay; explanations: ProsumerExplanation[] };

/**
 * Choices about one event from an agent's own directory, oldest first, while the agent runs or when it does not.
 * Empty when the node was not asked, or keeps the choice no more.
 */
export async function explainKept(disk: Disk, eventId: string): Promise<KeptChoice[]> {
  const [choices, prosumers] = [await ChoiceStore.open(disk), await ProsumerBook.open(disk)];
  const solver = await loadSolver();
  const kept: KeptChoice[] = [];
  for (const { requestId } of choices.list().filter((each) => each.eventId === eventId)) {
    const record = await choices.find(requestId);
    if (record === undefined) continue;
    kept.push({ record, replay: replayChoice(record, solver), explanations: explainChoice(record, prosumers.list()) });
  }
  return kept;
}
