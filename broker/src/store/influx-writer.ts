import { once } from "node:events";
import { Agent, type ClientRequest, type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps, Agent as TlsAgent } from "node:https";
import { text } from "node:stream/consumers";
import { StoreError } from "./reading-store.ts";

/** `bucket` is made by the operator; the token needs to read and write it. */
export type InfluxOptions = { url: string; token: string; org: string; bucket: string };

/** Requests of the largest batch take well under a second; an InfluxDB that hangs must not hold the store for ever. */
export const REQUEST_TIMEOUT_MS = 30_000;

/** Connections that stand idle this long are closed: sooner than InfluxDB does, which would break off a write. */
const IDLE_CONNECTION_MS = 60_000;

/** No answer of a server keeps the store away for longer than this. */
const RETRY_AFTER_MS_MAX = 60_000;

/** Of an answer's text that goes into a log. */
const REASON_CHARACTERS_MAX = 300;

/**
 * Line protocol from here on goes in two requests at once: InfluxDB reads each on one processor, so that the second one
 * waited for nothing.
 */
export const HALVED_FROM_BYTES = 256 * 1024;

const NEWLINE = 0x0a;

/** [RFC9110 s.15.5] InfluxDB 2 answers so when it has stored all points but some that it will never take. */
const BAD_REQUEST = 400;
const UNPROCESSABLE = 422;

/**
 * Writes line protocol to InfluxDB 2, in the bytes that the engine made and from the memory where they stand: the
 * official client takes text, joins and splits it again, and `fetch` copies a body. Not compressed: on one machine or
 * in one centre the network is cheaper than gzip on both ends.
 */
export class InfluxWriter {
  readonly #url: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #agent: Agent;

  constructor({ url, token, org, bucket }: InfluxOptions) {
    const query = new URLSearchParams({ org, bucket, precision: "ms" });
    this.#url = new URL(`${url.replace(/\/$/, "")}/api/v2/write?${query}`);
    this.#headers = { authorization: `Token ${token}`, "content-type": "text/plain; charset=utf-8" };
    const options = { keepAlive: true, timeout: IDLE_CONNECTION_MS };
    this.#agent = this.#url.protocol === "https:" ? new TlsAgent(options) : new Agent(options);
  }

  /**
   * Resolves when the points are there, and the memory is the caller's again; what comes back is why some of them are
   * not and never will be, such as a time that the bucket does not keep any more.
   * @throws StoreError STORE_UNAVAILABLE for the rest, with the wait that the server asked for.
   */
  async write(lineProtocol: Uint8Array): Promise<string | undefined> {
    const written = await Promise.allSettled(halvesOf(lineProtocol).map((half) => this.#writeInOne(half)));
    const failed = written.find((each) => each.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    return written.flatMap((each) => (each.status === "fulfilled" ? (each.value ?? []) : []))[0];
  }

  /** Closes connections that stand idle. */
  close(): void {
    this.#agent.destroy();
  }

  async #writeInOne(lineProtocol: Uint8Array): Promise<string | undefined> {
    const { status, retryAfter, body } = await this.#post(lineProtocol);
    if (status >= 200 && status < 300) return undefined;
    const reason = body.slice(0, REASON_CHARACTERS_MAX);
    if (isPartial(status, body)) return reason;
    throw unavailable(new Error(`${status} ${reason}`), retryAfterMs(retryAfter));
  }

  async #post(lineProtocol: Uint8Array): Promise<{ status: number; retryAfter: string | undefined; body: string }> {
    const request = this.#request(lineProtocol.length);
    // One that comes after the answer changes nothing; those before it are thrown below.
    request.on("error", () => undefined);
    try {
      request.end(lineProtocol);
      const [response] = (await once(request, "response")) as [IncomingMessage];
      const body = await text(response);
      return { status: response.statusCode ?? 0, retryAfter: response.headers["retry-after"], body };
    } catch (cause) {
      throw unavailable(cause);
    } finally {
      // An answer that came before all was sent: nothing more may be sent from memory that is the caller's again.
      if (!request.writableFinished) request.destroy();
    }
  }

  #request(bytes: number): ClientRequest {
    const send = this.#url.protocol === "https:" ? requestHttps : requestHttp;
    return send(this.#url, {
      method: "POST",
      headers: { ...this.#headers, "content-length": bytes },
      agent: this.#agent,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
  }
}

function halvesOf(lineProtocol: Uint8Array): Uint8Array[] {
  const middle = lineProtocol.indexOf(NEWLINE, lineProtocol.length >> 1) + 1;
  if (lineProtocol.length < HALVED_FROM_BYTES || middle === 0) return [lineProtocol];
  return [lineProtocol.subarray(0, middle), lineProtocol.subarray(middle)].filter(({ length }) => length > 0);
}

/** Any other refusal could be lifted by an operator, so the same points are offered again. */
function isPartial(status: number, text: string): boolean {
  return status === UNPROCESSABLE || (status === BAD_REQUEST && text.includes("partial write"));
}

function unavailable(cause: unknown, retryAfter?: number): StoreError {
  return new StoreError("STORE_UNAVAILABLE", "InfluxDB did not take the readings", { cause, retryAfterMs: retryAfter });
}

/** [RFC9110 s.10.2.3] in seconds; the form with a date is not used by InfluxDB. */
function retryAfterMs(header: string | undefined): number | undefined {
  const seconds = /^\d{1,6}$/.test(header ?? "") ? Number(header) : undefined;
  return seconds === undefined ? undefined : Math.min(seconds * 1_000, RETRY_AFTER_MS_MAX);
}
