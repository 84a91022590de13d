import type { DrEvent, EventPlan, VirtualNode } from "@gridpact/aggregator";
import { readUnitJson, writeUnitJson } from "@gridpact/settlement";
import { CliError } from "../cli-error.ts";

/** The operator's side of a running aggregator. */
export class OperatorClient {
  readonly #url: string;

  constructor(port: number) {
    this.#url = `http://127.0.0.1:${port}/api/v1`;
  }

  async virtualNodes(): Promise<VirtualNode[]> {
    const page = (await this.#call("GET", "/virtual-nodes")) as { items: VirtualNode[] };
    return page.items;
  }

  planEvent({ eventId, ...terms }: EventPlan): Promise<DrEvent> {
    return this.#call("PUT", `/events/${eventId}`, terms) as Promise<DrEvent>;
  }

  event(eventId: string): Promise<DrEvent> {
    return this.#call("GET", `/events/${eventId}`) as Promise<DrEvent>;
  }

  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    const content = { body: writeUnitJson(body ?? null), headers: { "content-type": "application/json" } };
    const answer = await fetch(`${this.#url}${path}`, { method, ...(body === undefined ? {} : content) });
    const text = await answer.text();
    if (!answer.ok) throw new CliError("INPUT", `the aggregator answered ${answer.status}: ${text}`);
    return readUnitJson(text);
  }
}
