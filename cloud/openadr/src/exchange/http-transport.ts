import { checkServerIdentity, type PeerCertificate } from "node:tls";
import { Agent, request } from "undici";
import { certificateFingerprint, type Fingerprint } from "../signature/index.ts";
import type { OadrMessage, ServiceName } from "../wire20b/index.ts";
import { MAX_MESSAGE_BYTES } from "../xml/parse-xml.ts";
import { ExchangeError } from "./exchange-error.ts";
import { type MessageSecurity, openMessage, sealMessage } from "./message-security.ts";
import { type TlsMaterial, tlsOptions } from "./tls.ts";

/** A peer answers from memory; longer means that it is gone. */
const ANSWER_TIMEOUT_MS = 10_000;

/** Where the other party is, and what to believe of it. */
export interface HttpTransportOptions {
  /** Up to and including the profile's path, such as `https://vtn.example/OpenADR2/Simple/2.0b`. */
  readonly url: string;
  readonly tls: TlsMaterial | undefined;
  /**
   * The peer's certificate when it is known beforehand; else any certificate of the authority for this host will do.
   */
  readonly peerFingerprint: Fingerprint | undefined;
}

/** Sends messages by HTTP POST, on connections that are kept. */
export class HttpTransport {
  readonly #options: HttpTransportOptions;
  readonly #security: MessageSecurity;
  readonly #agent: Agent;
  #serverFingerprint: Fingerprint | undefined;

  constructor(options: HttpTransportOptions, security: MessageSecurity) {
    this.#options = options;
    this.#security = security;
    const timeouts = { headersTimeout: ANSWER_TIMEOUT_MS, bodyTimeout: ANSWER_TIMEOUT_MS, connections: 1 };
    this.#agent = new Agent(
      options.tls === undefined
        ? timeouts
        : { ...timeouts, connect: { ...tlsOptions(options.tls), checkServerIdentity: this.#checkServer } },
    );
  }

  /** Throws `ExchangeError`: `unreachable`, `http-status`, `bad-answer` or `foreign-peer`. */
  async send(service: ServiceName, message: OadrMessage): Promise<OadrMessage | undefined> {
    const { statusCode, bytes } = await this.#post(service, message);
    if (statusCode !== 200) throw new ExchangeError("http-status", `${service} answered HTTP ${statusCode}`);
    return bytes.byteLength === 0 ? undefined : this.#read(bytes);
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #post(service: ServiceName, message: OadrMessage): Promise<{ statusCode: number; bytes: Uint8Array }> {
    const url = `${this.#options.url.replace(/\/$/, "")}/${service}`;
    try {
      const { statusCode, body } = await request(url, {
        method: "POST",
        headers: { "content-type": "application/xml" },
        body: sealMessage(message, this.#security),
        dispatcher: this.#agent,
      });
      const chunks: Uint8Array[] = [];
      let size = 0;
      for await (const chunk of body as AsyncIterable<Uint8Array>) {
        size += chunk.byteLength;
        if (size > MAX_MESSAGE_BYTES) throw new ExchangeError("bad-answer", "the answer is too large");
        chunks.push(chunk);
      }
      return { statusCode, bytes: Buffer.concat(chunks) };
    } catch (error) {
      if (error instanceof ExchangeError) throw error;
      throw new ExchangeError("unreachable", `${service} could not be reached`, error);
    }
  }

  #read(bytes: Uint8Array): OadrMessage {
    const opened = openMessage(bytes, this.#security);
    if (!opened.ok) throw new ExchangeError("bad-answer", `${opened.code}: ${opened.detail}`);
    const expected = this.#options.peerFingerprint ?? this.#serverFingerprint;
    if (opened.signedBy !== undefined && expected !== undefined && opened.signedBy !== expected) {
      throw new ExchangeError("foreign-peer", "the answer was signed by another certificate than the peer's");
    }
    return opened.message;
  }

  /** Besides the usual check of the host's name, which undici leaves to this function once it is given. */
  readonly #checkServer = (host: string, certificate: PeerCertificate): Error | undefined => {
    const fingerprint = certificateFingerprint(certificate.raw);
    const { peerFingerprint } = this.#options;
    if (peerFingerprint !== undefined) {
      if (fingerprint !== peerFingerprint)
        return new ExchangeError("foreign-peer", "the server's certificate is not the peer's");
    } else {
      const mismatch = checkServerIdentity(host, certificate);
      if (mismatch !== undefined) return mismatch;
    }
    this.#serverFingerprint = fingerprint;
    return undefined;
  };
}
