import type { Disk } from "@gridpact/host";
import { readUnitJson, writeUnitJson } from "@gridpact/settlement";
import type { ChoiceWay } from "../dispatch/index.ts";
import type { ChoiceRecord, ChoiceValue } from "./choice-record.ts";

const DIRECTORY = "choices";
const SUFFIX = ".json";

/** A year of one event a day; with 2,000 candidates a record takes megabytes, with a hundred some 100 kB. */
export const CHOICES_KEPT_MAX = 400;

/** What of a record is held in memory. */
export type ChoiceSummary = {
  requestId: string;
  eventId: string;
  decidedAtUnixMs: number;
  value: ChoiceValue | null;
  /** Undefined for one of a version that chose greedily only. */
  way: ChoiceWay["way"] | undefined;
};

/** Choice records on disk, one file for each request; in memory only a line of each. The oldest go first. */
export class ChoiceStore {
  readonly #disk: Disk;
  readonly #keptMax: number;
  #summaries: readonly ChoiceSummary[];

  private constructor(disk: Disk, summaries: readonly ChoiceSummary[], keptMax: number) {
    this.#disk = disk;
    this.#summaries = summaries;
    this.#keptMax = keptMax;
  }

  static async open(disk: Disk, keptMax: number = CHOICES_KEPT_MAX): Promise<ChoiceStore> {
    const store = new ChoiceStore(disk, [], keptMax);
    const summaries: ChoiceSummary[] = [];
    for (const name of await disk.list(DIRECTORY)) {
      const record = await store.find(name.slice(0, -SUFFIX.length));
      if (record !== undefined) summaries.push(summaryOf(record));
    }
    store.#summaries = inOrder(summaries);
    return store;
  }

  /** Oldest decision first. */
  list(): readonly ChoiceSummary[] {
    return this.#summaries;
  }

  async find(requestId: string): Promise<ChoiceRecord | undefined> {
    const bytes = await this.#disk.read(pathOf(requestId));
    return bytes === undefined ? undefined : (readUnitJson(Buffer.from(bytes).toString()) as ChoiceRecord);
  }

  /** Durable before it is visible. */
  async save(record: ChoiceRecord): Promise<void> {
    const { requestId } = record.request;
    await this.#disk.replace(pathOf(requestId), Buffer.from(writeUnitJson(record)));
    const others = this.#summaries.filter((each) => each.requestId !== requestId);
    const summaries = inOrder([...others, summaryOf(record)]);
    const surplus = Math.max(0, summaries.length - this.#keptMax);
    this.#summaries = summaries.slice(surplus);
    for (const { requestId: oldest } of summaries.slice(0, surplus)) await this.#disk.remove(pathOf(oldest));
  }
}

function summaryOf({ request, decidedAtUnixMs, value, way }: ChoiceRecord): ChoiceSummary {
  return { requestId: request.requestId, eventId: request.eventId, decidedAtUnixMs, value, way: way?.way };
}

function inOrder(summaries: readonly ChoiceSummary[]): ChoiceSummary[] {
  return [...summaries].sort(
    (left, right) => left.decidedAtUnixMs - right.decidedAtUnixMs || (left.requestId < right.requestId ? -1 : 1),
  );
}

function pathOf(requestId: string): string {
  return `${DIRECTORY}/${requestId}${SUFFIX}`;
}
