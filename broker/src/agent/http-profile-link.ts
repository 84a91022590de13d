import { Agent, type RequestOptions, request } from "node:https";
import type { ClusterGuidance, MoveOrder, MoveReport, ProsumerSummary, VirtualNodeProfile } from "@gridpact/proto";
import { writeUnitJson } from "@gridpact/settlement";
import type { AggregatorLink } from "./links.ts";

/** Where the aggregator is, and who the node is. */
export type HttpProfileLinkOptions = {
  host: string;
  port: number;
  /** The node's key and certificate, and the authorities that it believes, as PEM. */
  keyPem: string;
  certificatePem: string;
  authorityPems: string[];
};

/**
 * The aggregator could not be asked, or said no. `code` is the aggregator's own when it answered with a problem, else
 * `AGGREGATOR_UNREACHABLE`; `status` is the HTTP status, 0 without an answer.
 */
export class ProfileLinkError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(refusal: { code: string; status: number; detail: string }, cause?: unknown) {
    super(`${refusal.code}: ${refusal.detail}`, { cause });
    this.name = "ProfileLinkError";
    this.code = refusal.code;
    this.status = refusal.status;
  }
}

/** The agent asks again with its next tick, so waiting longer than this helps nobody. */
const TIMEOUT_MS = 10_000;

/** An honest answer is empty, the guidance with a round of moves, or a problem in a few words. */
const ANSWER_BYTES_MAX = 65_536;

/** One heartbeat at a time. */
const SOCKETS_MAX = 1;

/**
 * A node's profile over HTTPS with mutual TLS; see the aggregator's API for virtual nodes. Requests travel by OpenADR,
 * which has no word for profiles.
 */
export class HttpProfileLink implements Pick<AggregatorLink, "register" | "describe" | "exchangeMoves"> {
  readonly #target: RequestOptions;
  readonly #agent: Agent;

  constructor({ host, port, keyPem, certificatePem, authorityPems }: HttpProfileLinkOptions) {
    this.#agent = new Agent({
      keepAlive: true,
      maxSockets: SOCKETS_MAX,
      key: keyPem,
      cert: certificatePem,
      ca: authorityPems,
      minVersion: "TLSv1.3",
    });
    this.#target = { host, port, agent: this.#agent, timeout: TIMEOUT_MS };
  }

  async register(profile: VirtualNodeProfile): Promise<void> {
    await this.#call("PUT", `/api/v1/virtual-nodes/${profile.vnId}/profile`, profile);
  }

  async describe(vnId: string, summaries: readonly ProsumerSummary[]): Promise<ClusterGuidance> {
    const text = await this.#call("PUT", `/api/v1/virtual-nodes/${vnId}/prosumers`, { items: summaries });
    return readGuidance(text);
  }

  async exchangeMoves(vnId: string, reports: readonly MoveReport[]): Promise<MoveOrder[]> {
    return readOrders(await this.#call("PUT", `/api/v1/virtual-nodes/${vnId}/moves`, { items: reports }));
  }

  /** Closes the idle connections. */
  close(): void {
    this.#agent.destroy();
  }

  async #call(method: string, path: string, body: unknown): Promise<string> {
    const { status, text } = await this.#send({ ...this.#target, method, path }, body);
    if (status >= 200 && status < 300) return text;
    throw new ProfileLinkError({ status, ...problemOf(text) });
  }

  #send(options: RequestOptions, body: unknown): Promise<{ status: number; text: string }> {
    const content = writeUnitJson(body);
    const headers = { "content-type": "application/json" };
    return new Promise((resolve, reject) => {
      const fail = (cause: Error) => {
        reject(new ProfileLinkError({ code: "AGGREGATOR_UNREACHABLE", status: 0, detail: cause.message }, cause));
      };
      const call = request({ ...options, headers }, (answer) => {
        const chunks: Buffer[] = [];
        let sizeBytes = 0;
        answer.on("data", (chunk: Buffer) => {
          sizeBytes += chunk.length;
          if (sizeBytes > ANSWER_BYTES_MAX) answer.destroy(new RangeError("the answer is too large"));
          else chunks.push(chunk);
        });
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
        answer.on("error", fail);
      });
      call.on("timeout", () => call.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
      call.on("error", fail);
      call.end(content);
    });
  }
}

/** Of an aggregator that one believes; nothing is done by it but shown. */
function readGuidance(text: string): ClusterGuidance {
  const guidance = parseOrUndefined(text) as ClusterGuidance | null | undefined;
  if (typeof guidance?.guidelines === "object" && Array.isArray(guidance.moves)) return guidance;
  throw new ProfileLinkError({ code: "AGGREGATOR_UNREACHABLE", status: 0, detail: "the answer is no guidance" });
}

/** Whatever an order says, a device moves only by its own signature, and by the other node's ticket. */
function readOrders(text: string): MoveOrder[] {
  const answer = parseOrUndefined(text) as { items?: MoveOrder[] } | null | undefined;
  if (Array.isArray(answer?.items)) return answer.items;
  throw new ProfileLinkError({ code: "AGGREGATOR_UNREACHABLE", status: 0, detail: "the answer is no list of moves" });
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

/** Code and words of a problem body [RFC9457 s.3]; anything else was not said by our aggregator. */
function problemOf(text: string): { code: string; detail: string } {
  try {
    const problem = JSON.parse(text) as { code?: unknown; detail?: unknown } | null;
    if (typeof problem?.code === "string") return { code: problem.code, detail: String(problem.detail) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return { code: "AGGREGATOR_UNREACHABLE", detail: "the answer is no problem document" };
}
