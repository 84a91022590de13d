import { type GatewayService, GatewayStatusError } from "@gridpact/ledger";
import { describe, expect, it } from "vitest";
import { Incarnation, never } from "./incarnation.ts";
import { SwitchableGateway } from "./switchable-gateway.ts";

const CALLS = ["evaluate", "endorse", "submit", "commitStatus"] as const;

const unavailable = expect.objectContaining({ code: "GATEWAY_STATUS", status: 14 });

type Call = (request: never) => Promise<unknown>;

/** A ledger that answers each call with its own name, or never. */
function ledger(name: string, answer: (call: string) => Promise<unknown> = async (call) => `${name}: ${call}`) {
  const calls = Object.fromEntries(CALLS.map((call) => [call, () => answer(call)]));
  const service = {
    ...calls,
    async *chaincodeEvents() {
      yield `${name}: first`;
      yield (await answer("second")) as string;
    },
  };
  return { service: service as unknown as GatewayService, incarnation: new Incarnation() };
}

function call(gateway: SwitchableGateway, name: (typeof CALLS)[number]): Promise<unknown> {
  return (gateway[name] as Call)({} as never);
}

describe.each(CALLS)("%s", (name) => {
  it("goes to the ledger that lives now", async () => {
    const gateway = new SwitchableGateway();
    gateway.connect(ledger("one"));
    expect(await call(gateway, name)).toBe(`one: ${name}`);
    gateway.connect(ledger("two"));
    expect(await call(gateway, name)).toBe(`two: ${name}`);
  });

  it("fails as a lost connection does while there is none, or when it dies before it answers", async () => {
    const gateway = new SwitchableGateway();
    await expect(call(gateway, name)).rejects.toEqual(unavailable);
    const dying = ledger("one", never);
    gateway.connect(dying);
    const waiting = expect(call(gateway, name)).rejects.toEqual(unavailable);
    dying.incarnation.kill();
    await waiting;
    await expect(call(gateway, name)).rejects.toEqual(unavailable);
    gateway.connect(undefined);
    await expect(call(gateway, name)).rejects.toEqual(unavailable);
  });

  it("gives the ledger's own refusal as it is", async () => {
    const gateway = new SwitchableGateway();
    const refusal = new GatewayStatusError(10, "aborted");
    gateway.connect(ledger("one", () => Promise.reject(refusal)));
    await expect(call(gateway, name)).rejects.toBe(refusal);
  });
});

describe("a stream of events", () => {
  function events(gateway: SwitchableGateway) {
    return gateway.chaincodeEvents({} as never)[Symbol.asyncIterator]() as AsyncIterator<unknown>;
  }

  it("gives what the ledger gives, to its end", async () => {
    const gateway = new SwitchableGateway();
    gateway.connect(ledger("one"));
    const stream = events(gateway);
    expect([await stream.next(), await stream.next(), await stream.next()]).toEqual([
      { done: false, value: "one: first" },
      { done: false, value: "one: second" },
      { done: true, value: undefined },
    ]);
  });

  it("breaks when its ledger dies, and does not go on with the next one", async () => {
    const gateway = new SwitchableGateway();
    const dying = ledger("one", never);
    gateway.connect(dying);
    const stream = events(gateway);
    await stream.next();
    const waiting = expect(stream.next()).rejects.toEqual(unavailable);
    gateway.connect(ledger("two"));
    dying.incarnation.kill();
    await waiting;
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it("does not begin while there is no ledger", async () => {
    await expect(events(new SwitchableGateway()).next()).rejects.toEqual(unavailable);
  });
});
