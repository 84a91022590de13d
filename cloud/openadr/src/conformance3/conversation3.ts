import { require } from "../conformance20b/index.ts";
import type { Method3, Probe3, RawAnswer3, RawRequest3 } from "./probe3.ts";

/** A client that the VTN's operator registered for the suite. */
export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Any JSON object, of which a check looks at some members. */
export type Json = Readonly<Record<string, unknown>>;

/** An answer with JSON in it, as all of the specification's have. */
export interface Answer3 {
  readonly status: number;
  readonly json: unknown;
}

/** The suite's conversation with a VTN: each answer is held against what the specification says of every answer. */
export class Conversation3 {
  readonly #probe: Probe3;
  /** Names of objects are unique in a VTN, which may remember those of an earlier run. */
  readonly #run: string;
  #count = 0;

  constructor(probe: Probe3, run: string) {
    this.#probe = probe;
    this.#run = run;
  }

  newName(): string {
    this.#count += 1;
    return `conformance-${this.#run}-${this.#count}`;
  }

  send(request: RawRequest3): Promise<RawAnswer3> {
    return this.#probe.send(request);
  }

  /** A request as this token's client; an absent token sends none. */
  async call(token: string | undefined, method: Method3, path: string, body?: object | string): Promise<Answer3> {
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const type = body === undefined ? {} : { "content-type": "application/json" };
    const text = typeof body === "object" ? JSON.stringify(body) : body;
    return readAnswer(await this.send({ method, path, headers: { ...authorization, ...type }, body: text }));
  }

  /** A request that has to be answered by this status; returns the object in the answer. */
  async expect(
    status: number,
    token: string | undefined,
    method: Method3,
    path: string,
    body?: object | string,
  ): Promise<Json> {
    const answer = await this.call(token, method, path, body);
    require(answer.status === status, `${method} ${path} was answered by ${answer.status} and not by ${status}`);
    return answer.json as Json;
  }

  /** A request that has to be refused by one of these statuses, with a problem that says so too. */
  async refuses(
    statuses: readonly number[],
    token: string | undefined,
    method: Method3,
    path: string,
    body?: object | string,
  ): Promise<void> {
    const answer = await this.call(token, method, path, body);
    const wanted = statuses.join(" or ");
    require(statuses.includes(
      answer.status,
    ), `${method} ${path} was answered by ${answer.status} and not by ${wanted}`);
    const { status } = (answer.json ?? {}) as { status?: unknown };
    require(status === answer.status, `the problem of ${method} ${path} does not tell its status`);
  }

  /** All objects of one page. */
  async list(token: string, path: string): Promise<readonly Json[]> {
    const page: unknown = await this.expect(200, token, "GET", path);
    require(Array.isArray(page), `GET ${path} does not answer a list`);
    return page as Json[];
  }

  /** Asks for a token with a client's credentials. */
  requestToken(tokenUrl: string, { clientId, clientSecret }: Credentials, grantType = "client_credentials") {
    const form = { grant_type: grantType, client_id: clientId, client_secret: clientSecret };
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    return this.send({ method: "POST", path: tokenUrl, headers, body: new URLSearchParams(form).toString() });
  }
}

function readAnswer({ status, contentType, body }: RawAnswer3): Answer3 {
  require(status < 500, `a request was answered by ${status}`);
  require(/^application\/(problem\+)?json\b/i.test(contentType), `an answer is of type ${contentType}`);
  try {
    return { status, json: JSON.parse(body) };
  } catch {
    // What the parser says about it is of no use to whoever reads the result.
    require(false, "an answer is no JSON");
  }
}
