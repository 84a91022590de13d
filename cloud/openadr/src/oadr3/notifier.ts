import type { Change } from "./change.ts";
import { type AnyObject, OBJECT_TYPES } from "./model.ts";
import { type Recipient, type RoleOf, recipientsOf } from "./recipients.ts";
import { type TopicMessage, topicMessagesOf } from "./topics.ts";
import type { Vtn3State } from "./vtn3-state.ts";
import { InternalAddressError, type WebhookPost } from "./webhook-post.ts";

/** Waits between attempts; an unreachable subscriber is given up after about a minute and a half. */
export const RETRY_AFTER_MS: readonly number[] = [1_000, 4_000, 16_000, 64_000];

/** Connections at a time, over all subscribers: more would exhaust sockets before they would gain time. */
export const MAX_CONCURRENT = 128;

/** Changes being sent at a time; the others wait on the disk, where they are safe and cost no memory. */
export const MAX_CHANGES_IN_FLIGHT = 64;

/** What a notifier lives on; whoever runs it gives the sockets and the clock. */
export interface NotifierModules {
  readonly state: Vtn3State;
  readonly roleOf: RoleOf;
  readonly post: WebhookPost;
  /** Publishes on the MQTT broker; absent: there is none. Rejects when the broker has not taken it. */
  readonly publish?: (topic: string, payload: string) => Promise<void>;
  /** Rejects when the notifier is about to be stopped. */
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Told of notifications that could not be delivered. */
  readonly onGivenUp: (recipient: Recipient | TopicMessage, cause: unknown) => void;
}

interface Outcome {
  readonly isDone: boolean;
  /** Whether another attempt is of no use. */
  readonly isFinal: boolean;
  readonly cause: unknown;
}

/** One notification on its way, by whatever means. */
interface Delivery {
  /** Deliveries of the same key keep their order. */
  readonly key: string;
  readonly to: Recipient | TopicMessage;
  attempt(): Promise<Outcome>;
}

/**
 * Sends notifications. A change is recorded with the object it changes and forgotten when every subscriber has it or
 * was given up, so a crash loses none; it may send one again, which is why each carries the whole object. One
 * subscription gets its notifications one after the other, in the order of the changes.
 */
export class Notifier {
  readonly #modules: NotifierModules;
  readonly #chains = new Map<string, Promise<void>>();
  readonly #waiting: (() => void)[] = [];
  #active = 0;
  #inFlight = 0;
  #lastTaken = 0;
  #whenIdle: (() => void)[] = [];
  readonly #underWay = new Set<Promise<void>>();
  #isStopping = false;

  constructor(modules: NotifierModules) {
    this.#modules = modules;
  }

  /** Takes up whatever is recorded and not being sent yet: after a start, and after every change. */
  wake(): void {
    if (this.#isStopping || this.#inFlight >= MAX_CHANGES_IN_FLIGHT) return;
    for (const change of this.#modules.state.changes()) {
      if (this.#inFlight >= MAX_CHANGES_IN_FLIGHT) return;
      if (change.sequence > this.#lastTaken) this.#take(change);
    }
  }

  /** Resolves when nothing is being sent. */
  async idle(): Promise<void> {
    if (this.#inFlight > 0) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
  }

  /**
   * Takes up nothing more, and resolves when all attempts that are under way have ended. What still waits for another
   * attempt stays recorded, for the next start: `wait` MUST reject by now.
   */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.allSettled(this.#underWay);
  }

  #take(change: Change): void {
    this.#lastTaken = change.sequence;
    this.#inFlight += 1;
    const deliveries = [...this.#webhooks(change), ...this.#publications(change)];
    const told = Promise.all(deliveries.map((delivery) => this.#enqueue(delivery)));
    // Only a wait that is broken off rejects.
    const ended = told.then(
      () => this.#finish(change),
      () => undefined,
    );
    this.#underWay.add(ended);
    void ended.then(() => this.#underWay.delete(ended));
  }

  #webhooks(change: Change): Delivery[] {
    const { state, roleOf, post } = this.#modules;
    const write = bodyWriter(change, (text) => Buffer.from(text));
    return recipientsOf(state, change, roleOf).map((to) => {
      const body = write(to.shown);
      const attempt = async () => {
        const status = await post(to.callbackUrl, to.bearerToken, body);
        // A refusal of this very request will not change; overload and failures may.
        const isFinal = status >= 400 && status < 500 && status !== 408 && status !== 429;
        return { isDone: status >= 200 && status < 300, isFinal, cause: `HTTP ${status}` };
      };
      return { key: `${to.subscriptionId} ${to.callbackUrl}`, to, attempt };
    });
  }

  #publications(change: Change): Delivery[] {
    const { state, roleOf, publish } = this.#modules;
    if (publish === undefined) return [];
    const write = bodyWriter(change, String);
    return topicMessagesOf(state, change, roleOf).map((to) => {
      const attempt = async () => {
        await publish(to.topic, write(to.shown));
        return { isDone: true, isFinal: true, cause: undefined };
      };
      return { key: to.topic, to, attempt };
    });
  }

  #finish(change: Change): void {
    this.#modules.state.finishChange(change);
    this.#inFlight -= 1;
    this.wake();
    if (this.#inFlight > 0) return;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  /** Behind everything else for the same callback or topic. Rejects when waiting is broken off, and never else. */
  #enqueue(delivery: Delivery): Promise<void> {
    const { key } = delivery;
    const before = this.#chains.get(key) ?? Promise.resolve();
    const delivered = before.then(() => this.#deliver(delivery));
    this.#chains.set(key, delivered);
    return delivered.then(() => {
      if (this.#chains.get(key) === delivered) this.#chains.delete(key);
    });
  }

  async #deliver(delivery: Delivery): Promise<void> {
    let cause: unknown;
    for (const pauseMs of [0, ...RETRY_AFTER_MS]) {
      if (pauseMs > 0) await this.#modules.wait(pauseMs);
      const outcome = await this.#attempt(delivery);
      if (outcome.isDone) return;
      cause = outcome.cause;
      if (outcome.isFinal) break;
    }
    this.#modules.onGivenUp(delivery.to, cause);
  }

  async #attempt(delivery: Delivery): Promise<Outcome> {
    await this.#acquire();
    try {
      return await delivery.attempt();
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

/** Most receivers see the same object, which is then written and encoded once. */
function bodyWriter<T>({ kind, operation }: Change, encode: (text: string) => T): (object: AnyObject) => T {
  const bodies = new Map<AnyObject, T>();
  return (object) => {
    const known = bodies.get(object);
    if (known !== undefined) return known;
    const body = encode(JSON.stringify({ objectType: OBJECT_TYPES[kind], operation, object }));
    bodies.set(object, body);
    return body;
  };
}
