import type { Disk } from "@gridpact/host";
import { readUnitJson, writeUnitJson } from "@gridpact/settlement";
import type { Decision } from "./decision.ts";

const DIRECTORY = "decisions";

/**
 * Decisions on disk, one file for each event, never changed. Not in memory: one of a large aggregator takes megabytes,
 * and after its event nobody asks for it but a sceptic.
 */
export class DecisionBook {
  readonly #disk: Disk;

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  async save(decision: Decision): Promise<void> {
    await this.#disk.replace(pathOf(decision.eventId), Buffer.from(writeUnitJson(decision)));
  }

  /** Undefined when nothing was decided about the event. */
  async find(eventId: string): Promise<Decision | undefined> {
    const bytes = await this.#disk.read(pathOf(eventId));
    return bytes === undefined ? undefined : (readUnitJson(Buffer.from(bytes).toString()) as Decision);
  }
}

function pathOf(eventId: string): string {
  return `${DIRECTORY}/${eventId}.json`;
}
