import type { DrEvent, VirtualNode } from "@gridpact/aggregator";
import { readUnitJson } from "@gridpact/settlement";
import { CliError } from "../cli-error.ts";

/** The operator's side of a running aggregator. */
export class OperatorClient {
  readonly #url: string;

  constructor(port: number) {
    this.#url = `http://127.0.0.1:${port}/api/v1`;
  }

  async virtualNodes(): Promise<VirtualNode[]> {
    const page = (await this.#get("/virtual-nodes")) as { items: VirtualNode[] };
    return page.items;
  }

  /** Undefined while the aggregator has not taken it on. */
  event(eventId: string): Promise<DrEvent | undefined> {
    return this.#get(`/events/${eventId}`) as Promise<DrEvent | undefined>;
  }

  async #get(path: string): Promise<unknown> {
    const answer = await fetch(`${this.#url}${path}`);
    const text = await answer.text();
    if (answer.status === 404) return undefined;
    if (!answer.ok) throw new CliError("INPUT", `the aggregator answered ${answer.status}: ${text}`);
    return readUnitJson(text);
  }
}
