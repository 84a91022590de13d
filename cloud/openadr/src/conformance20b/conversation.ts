import { openMessage, sealMessage } from "../exchange/index.ts";
import type { MessageOf, MessageType, OadrMessage, ServiceName } from "../wire20b/index.ts";
import { NAMESPACES } from "../wire20b/index.ts";
import { require } from "./check-result.ts";
import type { Probe, RawAnswer } from "./probe.ts";

/** The suite's conversation with a VTN: each answer is held against what the profile says of every answer. */
export class Conversation {
  readonly #probe: Probe;
  #count = 0;

  constructor(probe: Probe) {
    this.#probe = probe;
  }

  /** A new identifier, so that an answer to another request cannot pass for the answer to this one. */
  newId(): string {
    this.#count += 1;
    return `CONFORMANCE-${this.#count}`;
  }

  /** Sends bytes that are not a proper message. */
  post(service: ServiceName, body: string | Uint8Array, contentType = "application/xml"): Promise<RawAnswer> {
    return this.#probe.post(service, body, contentType);
  }

  /** The document of a message, to be spoilt before it is sent. */
  seal(message: OadrMessage): string {
    return sealMessage(message, this.#probe.security);
  }

  /** Sends a message and returns the answer; undefined when it is empty. */
  async exchange(service: ServiceName, message: OadrMessage): Promise<OadrMessage | undefined> {
    const answer = await this.post(service, this.seal(message));
    require(answer.status === 200, `${message.type} was answered by HTTP ${answer.status}`);
    return answer.body.byteLength === 0 ? undefined : this.read(answer);
  }

  /** Sends a message that has to be answered by a message of this type. */
  async expect<K extends MessageType>(service: ServiceName, message: OadrMessage, type: K): Promise<MessageOf<K>> {
    const answer = await this.exchange(service, message);
    require(answer?.type === type, `${message.type} was answered by ${answer?.type ?? "nothing"} and not by ${type}`);
    return answer as MessageOf<K>;
  }

  /** Reads an answer: XML of the profile, signed where signatures are on, with its version on the message. */
  read({ contentType, body }: RawAnswer): OadrMessage {
    require(/^(application|text)\/xml\b/i.test(contentType), `an answer is of type ${contentType}`);
    const opened = openMessage(body, this.#probe.security);
    require(opened.ok, opened.ok ? "" : `an answer is invalid: ${opened.code} ${opened.detail}`);
    const text = new TextDecoder().decode(body);
    require(text.includes("schemaVersion") && text.includes(NAMESPACES.oadr), "an answer has no schemaVersion");
    return opened.message;
  }
}
