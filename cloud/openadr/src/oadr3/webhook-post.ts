import { lookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { Agent, type Dispatcher } from "undici";
import { isPublicAddress } from "./callback-url.ts";

/** Sends one notification and returns the HTTP status. Rejects when there is no answer. */
export type WebhookPost = (url: string, bearerToken: string | undefined, body: Uint8Array) => Promise<number>;

/** A subscriber only has to take the notification; one that thinks longer gets it again later. */
const ANSWER_TIMEOUT_MS = 10_000;

/** The answer's body means nothing, so no more of it is read than one packet. */
const MAX_ANSWER_BYTES = 1_024;

/** Where notifications may go. */
export interface WebhookPostOptions {
  /**
   * Whether callbacks into private networks and to this very machine are allowed. Only where every client is trusted
   * with the VTN's network, as on one host in a demonstration.
   */
  readonly areInternalAddressesAllowed: boolean;
}

/**
 * Connections to one receiver. Thousands of subscribers may share one, such as an aggregator's; a few connections that
 * are kept take their notifications faster than a hundred new ones.
 */
const CONNECTIONS_PER_ORIGIN = 16;

/** Redirects are not followed, and addresses are judged after the name is resolved, for the connection itself. */
export function createWebhookPost({
  areInternalAddressesAllowed,
}: WebhookPostOptions): WebhookPost & { close(): Promise<void> } {
  const guard = areInternalAddressesAllowed ? {} : { connect: { lookup: publicLookup } };
  const timeouts = { headersTimeout: ANSWER_TIMEOUT_MS, bodyTimeout: ANSWER_TIMEOUT_MS };
  const agent = new Agent({ ...guard, ...timeouts, connections: CONNECTIONS_PER_ORIGIN });
  const post: WebhookPost = async (url, bearerToken, body) => {
    const { origin, hostname, pathname, search } = new URL(url);
    const host = hostname.replace(/^\[|\]$/g, "");
    // A literal address is never looked up, so it is judged here.
    if (!areInternalAddressesAllowed && isIP(host) !== 0 && !isPublicAddress(host))
      throw new InternalAddressError(host);
    const authorization = bearerToken === undefined ? {} : { authorization: `Bearer ${bearerToken}` };
    const headers = { "content-type": "application/json", ...authorization };
    return dispatch(agent, { origin, path: pathname + search, method: "POST", headers, body });
  };
  return Object.assign(post, { close: () => agent.close() });
}

/** One request by undici's lowest interface: without streams a notification costs half the processor time. */
function dispatch(agent: Agent, options: Dispatcher.DispatchOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    let status = 0;
    let answerBytes = 0;
    agent.dispatch(options, {
      // The types let it be left out, the library does not.
      onRequestStart: () => undefined,
      onResponseStart(_controller, statusCode) {
        status = statusCode;
      },
      onResponseData(controller, chunk) {
        answerBytes += chunk.length;
        if (answerBytes <= MAX_ANSWER_BYTES) return;
        resolve(status);
        controller.abort(new RangeError("the answer's body is of no interest"));
      },
      onResponseEnd: () => resolve(status),
      // After the status was told this changes nothing.
      onResponseError: (_controller, error) => reject(error),
    });
  });
}

/** A callback that leads into the VTN's own network; it is not called. */
export class InternalAddressError extends Error {
  readonly code = "internal-address";

  constructor(host: string) {
    super(`${host} is not a public address`);
    this.name = "InternalAddressError";
  }
}

const publicLookup: LookupFunction = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const allowed = (addresses ?? []).filter(({ address }) => isPublicAddress(address));
    const [first] = allowed;
    if (error !== null) done(error, "", 0);
    else if (first === undefined) done(new InternalAddressError(hostname), "", 0);
    else if (options.all === true) done(null, allowed as never);
    else done(null, first.address, first.family);
  });
};
