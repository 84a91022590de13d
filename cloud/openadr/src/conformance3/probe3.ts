import { Agent, request } from "undici";

/** Those that OpenADR 3 has; PATCH is none of them. */
export type Method3 = "GET" | "POST" | "PUT" | "DELETE";

/** One request as it goes out; nothing about it needs to be right. */
export interface RawRequest3 {
  readonly method: Method3;
  /** Below the VTN's URL, or a whole URL for the token endpoint. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** As it came: redirects are not followed, and the body is not decoded as JSON. */
export interface RawAnswer3 {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** The suite's way to a VTN. Rejects when there is no answer. */
export interface Probe3 {
  send(request: RawRequest3): Promise<RawAnswer3>;
}

/** A VTN that thinks longer is taken for one that does not answer. */
const ANSWER_TIMEOUT_MS = 10_000;

/** A probe over HTTP. Nothing is repeated and nothing is hidden: the suite sees every answer as it came. */
export function createHttpProbe3(url: string, caPem?: string): Probe3 & { close(): Promise<void> } {
  const connect = caPem === undefined ? {} : { connect: { ca: caPem } };
  const agent = new Agent({ ...connect, headersTimeout: ANSWER_TIMEOUT_MS, bodyTimeout: ANSWER_TIMEOUT_MS });
  return {
    async send({ method, path, headers, body }) {
      const sent = body === undefined ? {} : { body };
      const address = path.startsWith("/") ? url + path : path;
      const answer = await request(address, { method, headers, ...sent, dispatcher: agent });
      const contentType = String(answer.headers["content-type"] ?? "");
      return { status: answer.statusCode, contentType, body: await answer.body.text() };
    },
    close: () => agent.destroy(),
  };
}
