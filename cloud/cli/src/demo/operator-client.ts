import type { ClusterOverview, DrEvent, MoveView, VirtualNode } from "@gridpact/aggregator";
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

  /** The newest plan of clusters, and the moves between nodes. */
  clusters(): Promise<ClusterOverview> {
    return this.#get("/clusters") as Promise<ClusterOverview>;
  }

  /** Approves moves of a plan, all of them when none are named. */
  async approveMoves(approval: { planHashHex: string; moveIds?: readonly string[] }): Promise<MoveView[]> {
    const headers = { "content-type": "application/json" };
    const text = await this.#act("/clusters/moves", { method: "POST", headers, body: JSON.stringify(approval) });
    return (JSON.parse(text) as { items: MoveView[] }).items;
  }

  /** Cancels an approved move whose device has not been asked. */
  async cancelMove(moveId: string): Promise<MoveView> {
    const path = `/clusters/moves/${encodeURIComponent(moveId)}`;
    return JSON.parse(await this.#act(path, { method: "DELETE" })) as MoveView;
  }

  async #act(path: string, request: RequestInit): Promise<string> {
    const { answer, text } = await this.#ask(path, request);
    if (!answer.ok) throw new CliError("INPUT", refusalOf(text) ?? `the aggregator answered ${answer.status}: ${text}`);
    return text;
  }

  /** @throws CliError PROCESS_ENDED when nobody listens: a run file outlives an aggregator that was killed */
  async #ask(path: string, request: RequestInit = {}): Promise<{ answer: Response; text: string }> {
    try {
      const answer = await fetch(`${this.#url}${path}`, request);
      return { answer, text: await answer.text() };
    } catch (cause) {
      throw new CliError(
        "PROCESS_ENDED",
        `no aggregator answers at ${this.#url}; start it: gridpact aggregator`,
        cause,
      );
    }
  }

  async #get(path: string): Promise<unknown> {
    const { answer, text } = await this.#ask(path);
    if (answer.status === 404) return undefined;
    if (!answer.ok) throw new CliError("INPUT", `the aggregator answered ${answer.status}: ${text}`);
    return readUnitJson(text);
  }
}

/** Code and words of a problem document [RFC9457 s.3]; undefined for anything else. */
function refusalOf(text: string): string | undefined {
  try {
    const problem = JSON.parse(text) as { code?: unknown; detail?: unknown } | null;
    return typeof problem?.code === "string" ? `${problem.code}: ${String(problem.detail)}` : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
