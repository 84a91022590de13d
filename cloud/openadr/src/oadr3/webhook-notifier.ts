import type { Change } from "./change.ts";
import { type AnyObject, OBJECT_TYPES } from "./model.ts";
import { type Recipient, type RoleOf, recipientsOf } from "./recipients.ts";
import type { Vtn3State } from "./vtn3-state.ts";
import { InternalAddressError, type WebhookPost } from "./webhook-post.ts";

/** Waits between attempts; an unreachable subscriber is given up after about a minute and a half. */
export const RETRY_AFTER_MS: readonly number[] = [1_000, 4_000, 16_000, 64_000];

/** Connections at a time, over all subscribers: more would exhaust sockets before they would gain time. */
export const MAX_CONCURRENT = 128;

/** Changes being sent at a time; the others wait on the disk, where they are safe and cost no memory. */
export const MAX_CHANGES_IN_FLIGHT = 64;

export interface WebhookNotifierModules {
  readonly state: Vtn3State;
  readonly roleOf: RoleOf;
  readonly post: WebhookPost;
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Told of notifications that could not be delivered. */
  readonly onGivenUp: (recipient: Recipient, cause: unknown) => void;
}

/**
 * Sends notifications. A change is recorded with the object it changes and forgotten when every subscriber has it or
 * was given up, so a crash loses none; it may send one again, which is why each carries the whole object. One
 * subscription gets its notifications one after the other, in the order of the changes.
 */
export class WebhookNotifier {
  readonly #modules: WebhookNotifierModules;
  readonly #chains = new Map<string, Promise<void>>();
  readonly #waiting: (() => void)[] = [];
  #active = 0;
  #inFlight = 0;
  #lastTaken = 0;
  #whenIdle: (() => void)[] = [];

  constructor(modules: WebhookNotifierModules) {
    this.#modules = modules;
  }

  /** Takes up whatever is recorded and not being sent yet: after a start, and after every change. */
  wake(): void {
    if (this.#inFlight >= MAX_CHANGES_IN_FLIGHT) return;
    for (const change of this.#modules.state.changes()) {
      if (this.#inFlight >= MAX_CHANGES_IN_FLIGHT) return;
      if (change.sequence > this.#lastTaken) this.#take(change);
    }
  }

  /** Resolves when nothing is being sent. */
  async idle(): Promise<void> {
    if (this.#inFlight > 0) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
  }

  #take(change: Change): void {
    this.#lastTaken = change.sequence;
    this.#inFlight += 1;
    const { state, roleOf } = this.#modules;
    const bodies = new Map<AnyObject, string>();
    const deliveries = recipientsOf(state, change, roleOf).map((recipient) => {
      const body = bodies.get(recipient.shown) ?? bodyOf(change, recipient.shown);
      bodies.set(recipient.shown, body);
      return this.#enqueue(recipient, body);
    });
    void Promise.all(deliveries).then(() => this.#finish(change));
  }

  #finish(change: Change): void {
    this.#modules.state.finishChange(change);
    this.#inFlight -= 1;
    this.wake();
    if (this.#inFlight > 0) return;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  /** Behind everything else for the same callback. Never rejects. */
  #enqueue(recipient: Recipient, body: string): Promise<void> {
    const key = `${recipient.subscriptionId} ${recipient.callbackUrl}`;
    const before = this.#chains.get(key) ?? Promise.resolve();
    const delivery = before.then(() => this.#deliver(recipient, body));
    this.#chains.set(key, delivery);
    return delivery.then(() => {
      if (this.#chains.get(key) === delivery) this.#chains.delete(key);
    });
  }

  async #deliver(recipient: Recipient, body: string): Promise<void> {
    let cause: unknown;
    for (const pauseMs of [0, ...RETRY_AFTER_MS]) {
      if (pauseMs > 0) await this.#modules.wait(pauseMs);
      const outcome = await this.#attempt(recipient, body);
      if (outcome.isDone) return;
      cause = outcome.cause;
      if (outcome.isFinal) break;
    }
    this.#modules.onGivenUp(recipient, cause);
  }

  async #attempt({ callbackUrl, bearerToken }: Recipient, body: string) {
    await this.#acquire();
    try {
      const status = await this.#modules.post(callbackUrl, bearerToken, body);
      // A refusal of this very request will not change; overload and failures may.
      const isFinal = status >= 400 && status < 500 && status !== 408 && status !== 429;
      return { isDone: status >= 200 && status < 300, isFinal, cause: `HTTP ${status}` };
    } catch (cause) {
      return { isDone: false, isFinal: cause instanceof InternalAddressError, cause };
    } finally {
      this.#release();
    }
  }

  async #acquire(): Promise<void> {
    if (this.#active >= MAX_CONCURRENT) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#active += 1;
  }

  /** Hands the place to the next in line, if there is one. */
  #release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#active -= 1;
    else next();
  }
}

function bodyOf({ kind, operation }: Change, object: AnyObject): string {
  return JSON.stringify({ objectType: OBJECT_TYPES[kind], operation, object });
}
