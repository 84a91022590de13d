import { strict as assert } from "node:assert";
import type { Disk } from "@gridpact/host";
import { readUnitJson, writeUnitJson } from "@gridpact/settlement";

/** `directory` MUST be this store's alone: every file in it is read as a document. */
export type DocumentStoreOptions = {
  disk: Disk;
  directory: string;
  /** Documents that may be kept; `insert` refuses more. */
  countMax: number;
};

/** There is no room for another document; the operator must archive old ones. */
export class StoreFullError extends Error {
  readonly code = "STORE_FULL";
  readonly directory: string;

  constructor(directory: string, countMax: number) {
    super(
      `${directory}: holds ${countMax} documents, the most it may; stop the aggregator and move old ones elsewhere`,
    );
    this.name = "StoreFullError";
    this.directory = directory;
  }
}

/**
 * Documents by id, one file each, all in memory for reading. A change is visible only once it is durable, and changes
 * happen one after the other, so that two callers never overwrite each other's.
 */
export class DocumentStore<T extends object> {
  readonly #options: DocumentStoreOptions;
  readonly #documents: Map<string, T>;
  #lastChange: Promise<unknown> = Promise.resolve();

  private constructor(options: DocumentStoreOptions, documents: Map<string, T>) {
    this.#options = options;
    this.#documents = documents;
  }

  /** Reads every document; damage is an error, never skipped, since each one stands for money. */
  static async open<T extends object>(options: DocumentStoreOptions): Promise<DocumentStore<T>> {
    const documents = new Map<string, T>();
    for (const name of await options.disk.list(options.directory)) {
      const bytes = await options.disk.read(`${options.directory}/${name}`);
      assert(bytes !== undefined, "a listed document can be read");
      documents.set(name.slice(0, -SUFFIX.length), readUnitJson(Buffer.from(bytes).toString()) as T);
    }
    return new DocumentStore(options, documents);
  }

  get(id: string): T | undefined {
    return this.#documents.get(id);
  }

  /** All documents, in order of their ids. */
  list(): T[] {
    return [...this.#documents.keys()].sort().map((id) => this.#documents.get(id) as T);
  }

  /**
   * Adds a document; returns the one that is there already, unchanged, when there is one.
   * @throws StoreFullError at the bound.
   */
  insert(id: string, document: T): Promise<T> {
    return this.#exclusive(async () => {
      const present = this.#documents.get(id);
      if (present !== undefined) return present;
      const { directory, countMax } = this.#options;
      if (this.#documents.size >= countMax) throw new StoreFullError(directory, countMax);
      return this.#save(id, document);
    });
  }

  /** Applies a pure change to the newest state; a change that returns its argument writes nothing. */
  update(id: string, change: (document: T) => T): Promise<T> {
    return this.#exclusive(async () => {
      const present = this.#documents.get(id);
      assert(present !== undefined, "only a document that exists is updated");
      const changed = change(present);
      return changed === present ? present : this.#save(id, changed);
    });
  }

  async #save(id: string, document: T): Promise<T> {
    const { disk, directory } = this.#options;
    await disk.replace(`${directory}/${id}${SUFFIX}`, Buffer.from(writeUnitJson(document)));
    this.#documents.set(id, document);
    return document;
  }

  #exclusive<R>(task: () => Promise<R>): Promise<R> {
    const result = this.#lastChange.then(task);
    // The next change must run whether or not this one failed; its own caller sees the failure.
    this.#lastChange = result.catch(() => undefined);
    return result;
  }
}

const SUFFIX = ".json";
