import { strict as assert } from "node:assert";
import type { Clock, Log, Timer } from "@gridpact/host";
import { DecodeError, decode, encode, type SignStage } from "@gridpact/proto";
import type { DeviceLink } from "../links.ts";

/** Signatures asked for at once: one for each device of a large node. */
export const PENDING_SIGNATURES_MAX = 4_096;

/** A device did not sign: it refused, with its words, or it did not answer in time. */
export class SignatureError extends Error {
  readonly code: "SIGNATURE_REFUSED" | "SIGNATURE_TIMEOUT";
  readonly deviceId: string;

  constructor(code: "SIGNATURE_REFUSED" | "SIGNATURE_TIMEOUT", deviceId: string, reason: string) {
    super(`${deviceId}: ${reason}`);
    this.name = "SignatureError";
    this.code = code;
    this.deviceId = deviceId;
  }
}

/** What is asked of a device; the bytes of `message` are what it checks, and by its stage what it signs follows. */
export type SignatureQuery = {
  deviceId: string;
  /** Unique among all queries; an answer is matched by it. */
  requestId: string;
  stage: SignStage;
  message: Uint8Array;
  deadlineUnixMs: number;
};

type Pending = {
  deviceId: string;
  resolve: (signature: Uint8Array) => void;
  reject: (error: SignatureError) => void;
  timer: Timer;
};

/** Asks devices for signatures: sends, sends again until the answer is there, gives up at the deadline. */
export class SignatureExchange {
  readonly #modules: { clock: Clock; deviceLink: DeviceLink; log: Log };
  readonly #resendMs: number;
  readonly #pending = new Map<string, Pending>();

  constructor(options: { resendMs: number }, modules: { clock: Clock; deviceLink: DeviceLink; log: Log }) {
    this.#modules = modules;
    this.#resendMs = options.resendMs;
  }

  canAcceptWork(): boolean {
    return this.#pending.size < PENDING_SIGNATURES_MAX;
  }

  /** @throws SignatureError when the device refuses or the deadline passes. */
  request(query: SignatureQuery): Promise<Uint8Array> {
    assert(!this.#pending.has(query.requestId), "a request id is used once");
    assert(this.canAcceptWork(), "request after canAcceptWork() said no");
    return new Promise((resolve, reject) => {
      const timer: Timer = { cancel: () => undefined };
      this.#pending.set(query.requestId, { deviceId: query.deviceId, resolve, reject, timer });
      this.#send(query);
    });
  }

  /** Takes what a device published on its signature channel; late, foreign and malformed answers change nothing. */
  receive(deviceId: string, bytes: Uint8Array): void {
    const response = this.#decode(deviceId, bytes);
    if (response === undefined) return;
    const pending = this.#pending.get(response.requestId);
    if (pending === undefined || pending.deviceId !== deviceId) return;
    this.#take(response.requestId);
    if (response.refusal === "") pending.resolve(response.signature);
    else pending.reject(new SignatureError("SIGNATURE_REFUSED", deviceId, response.refusal));
  }

  #send(query: SignatureQuery): void {
    const { clock, deviceLink, log } = this.#modules;
    const { deviceId, requestId, stage, message } = query;
    const pending = this.#pending.get(requestId);
    if (pending === undefined) return;
    const leftMs = query.deadlineUnixMs - clock.nowUnixMs();
    if (leftMs <= 0) {
      this.#take(requestId);
      pending.reject(new SignatureError("SIGNATURE_TIMEOUT", deviceId, `no answer by ${query.deadlineUnixMs}`));
      return;
    }
    // Whether the send succeeds is of no interest: only the answer counts, and the timer sends again.
    deviceLink.send(deviceId, "sign-request", encode("SignRequest", { requestId, stage, message })).catch((error) => {
      log.warn("sign_request_not_sent", { deviceId, requestId, reason: String(error) });
    });
    pending.timer = clock.after(Math.min(this.#resendMs, leftMs), () => this.#send(query));
  }

  #take(requestId: string): void {
    this.#pending.get(requestId)?.timer.cancel();
    this.#pending.delete(requestId);
  }

  #decode(deviceId: string, bytes: Uint8Array) {
    try {
      return decode("SignResponse", bytes);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#modules.log.warn("sign_response_malformed", { deviceId });
      return undefined;
    }
  }
}
