import { Agent, request } from "undici";
import { type MessageSecurity, type TlsMaterial, tlsOptions } from "../exchange/index.ts";

/** One HTTP answer, as it came. */
export interface RawAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** The suite's way to the VTN under test. A fault injected here is a fault of that VTN, as far as the suite can see. */
export interface Probe {
  post(service: string, body: string | Uint8Array, contentType: string): Promise<RawAnswer>;
  /** How messages are sealed and opened: with or without signatures. */
  readonly security: MessageSecurity;
}

const ANSWER_TIMEOUT_MS = 10_000;

/** Where the VTN under test is, and how to reach it. */
export interface HttpProbeOptions {
  /** Up to and including the profile's path. */
  readonly url: string;
  readonly tls: TlsMaterial | undefined;
}

/** Reaches any VTN over HTTP. Rejects when it cannot be reached. */
export function createHttpProbe(
  { url, tls }: HttpProbeOptions,
  security: MessageSecurity,
): Probe & { close(): Promise<void> } {
  const connect = tls === undefined ? {} : { connect: tlsOptions(tls) };
  const agent = new Agent({ ...connect, headersTimeout: ANSWER_TIMEOUT_MS, bodyTimeout: ANSWER_TIMEOUT_MS });
  return {
    security,
    async post(service, body, contentType) {
      const headers = { "content-type": contentType };
      const answer = await request(`${url.replace(/\/$/, "")}/${service}`, {
        method: "POST",
        headers,
        body,
        dispatcher: agent,
      });
      const bytes = new Uint8Array(await answer.body.arrayBuffer());
      return { status: answer.statusCode, contentType: String(answer.headers["content-type"] ?? ""), body: bytes };
    },
    close: () => agent.close(),
  };
}
