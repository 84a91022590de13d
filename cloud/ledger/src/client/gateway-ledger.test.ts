import { describe, expect, it } from "vitest";
import { type GatewayService, GatewayStatusError } from "../gateway/index.ts";
import { parseTransaction } from "../protocol/index.ts";
import { counterNetwork } from "./counter-network.ts";
import type { LedgerEvent, SigningStage } from "./ledger.ts";
import {
  CommitError,
  CommitStatusError,
  EndorseError,
  EvaluateError,
  EventsError,
  OfflineSigningError,
  SubmitError,
} from "./ledger-error.ts";

const ADD = "counter:Add";
const UNAVAILABLE = 14;

/** A service of which one method fails. */
function failing(method: keyof GatewayService, error = new GatewayStatusError(UNAVAILABLE, "peer is down")) {
  return (service: GatewayService): GatewayService =>
    new Proxy(service, {
      get: (target, name) => {
        if (name === method) return () => Promise.reject(error);
        const member: unknown = Reflect.get(target, name, target);
        return typeof member === "function" ? member.bind(target) : member;
      },
    });
}

describe("GatewayLedger", () => {
  it("executes and evaluates transactions with canonical arguments and parsed results", async () => {
    const { ledger } = await counterNetwork("execute");
    const first = await ledger.execute(ADD, { key: "a" });
    expect(first).toMatchObject({ result: { count: 1, secret: null } });
    expect(first.transactionId).toMatch(/^[0-9a-f]{64}$/);
    const second = await ledger.execute(ADD, { key: "a" });
    expect(second.blockNumber).toBe(first.blockNumber + 1);
    expect(await ledger.evaluate("counter:Get", { key: "a", also: 5n })).toEqual({
      argument: '{"also":"5","key":"a"}',
      count: 2,
    });
  });

  it("gives the same transaction bytes for the same seed, and others for another", async () => {
    const prepare = async (seed: string) => (await counterNetwork(seed)).ledger.prepare(ADD, { key: "a" });
    const first = await prepare("seed");
    expect(await prepare("seed")).toEqual(first);
    expect((await prepare("other")).transactionId).not.toBe(first.transactionId);
  });

  it("keeps transient data out of the transaction", async () => {
    const { ledger } = await counterNetwork("transient");
    const transientMap = { secret: Buffer.from("hidden") };
    const prepared = await ledger.prepare(ADD, { key: "a" }, { transientMap });
    expect(prepared.result).toEqual({ count: 1, secret: "hidden" });
    await ledger.submit(prepared);
    await ledger.commitStatus(prepared.transactionId);
    const [envelope] = (await ledger.blockByTransaction(prepared.transactionId)).data;
    expect(parseTransaction(envelope ?? new Uint8Array()).args.map(String)).toHaveLength(2);
  });

  it("finds what is in a block, with its outcome, and nothing else", async () => {
    const { ledger } = await counterNetwork("find");
    const prepared = await ledger.prepare(ADD, { key: "a" });
    const loser = await ledger.prepare(ADD, { key: "a" });
    expect(await ledger.findTransaction(prepared.transactionId)).toBeUndefined();
    for (const { transactionId, bytes } of [prepared, loser]) {
      await ledger.submit({ transactionId, bytes });
      await ledger.commitStatus(transactionId);
    }
    expect(await ledger.findTransaction(prepared.transactionId)).toMatchObject({ isValid: true, name: "VALID" });
    expect(await ledger.findTransaction(loser.transactionId)).toMatchObject({
      isValid: false,
      code: 11,
      name: "MVCC_READ_CONFLICT",
    });
    expect(await ledger.evaluate("counter:Get", { key: "a" })).toMatchObject({ count: 1 });
  });

  it("reads blocks and the chain's height", async () => {
    const { ledger } = await counterNetwork("blocks");
    const { transactionId, blockNumber } = await ledger.execute(ADD, { key: "a" });
    const block = await ledger.block(blockNumber);
    expect(block.header.number).toBe(blockNumber);
    expect(await ledger.blockByTransaction(transactionId)).toEqual(block);
    const info = await ledger.chainInfo();
    expect(info.height).toBe(blockNumber + 1);
    expect(info.currentBlockHash).toHaveLength(32);
    await expect(ledger.block(info.height)).rejects.toBeInstanceOf(EvaluateError);
    await expect(ledger.blockByTransaction("0".repeat(64))).rejects.toBeInstanceOf(EvaluateError);
  });

  it("streams the events of valid transactions from a block on", async () => {
    const { ledger } = await counterNetwork("events");
    const first = await ledger.execute(ADD, { key: "a" });
    await ledger.execute(ADD, { key: "b" });
    const seen: LedgerEvent[] = [];
    for await (const event of ledger.events(first.blockNumber)) {
      seen.push(event);
      if (seen.length === 1) await ledger.execute(ADD, { key: "c" });
      if (seen.length === 3) break;
    }
    expect(seen.map(({ name, payload }) => [name, payload])).toEqual(
      ["a", "b", "c"].map((key) => ["counter.Added", { count: 1, key }]),
    );
    expect(seen[0]).toMatchObject({ blockNumber: first.blockNumber, transactionId: first.transactionId });
  });
});

describe("GatewayLedger for an offline creator", () => {
  it("asks for three signatures and then needs the creator no more", async () => {
    const { ledger, device } = await counterNetwork("offline");
    const stages: SigningStage[] = [];
    const creator = {
      ...device,
      sign: async (stage: SigningStage, message: Uint8Array) => {
        stages.push(stage);
        return device.key.sign(message);
      },
    };
    const { transactionId, bytes, result, commitRequest } = await ledger.prepareOffline(creator, ADD, { key: "a" });
    expect(stages).toEqual(["proposal", "transaction", "commitStatus"]);
    expect(result).toMatchObject({ count: 1 });
    await ledger.submit({ transactionId, bytes });
    expect(await ledger.commitStatus(transactionId, commitRequest)).toMatchObject({ isValid: true });
    const [envelope] = (await ledger.blockByTransaction(transactionId)).data;
    expect(Buffer.from(parseTransaction(envelope ?? new Uint8Array()).header.creator).toString()).toContain(
      device.certificatePem,
    );
  });

  it.each(["proposal", "transaction", "commitStatus"] as const)("refuses a wrong signature of the %s", async (bad) => {
    const { ledger, device } = await counterNetwork("wrong");
    const sign = async (stage: SigningStage, message: Uint8Array) =>
      device.key.sign(stage === bad ? Buffer.concat([message, Buffer.of(0)]) : message);
    const refused = ledger.prepareOffline({ ...device, sign }, ADD, { key: "a" });
    await expect(refused).rejects.toBeInstanceOf(OfflineSigningError);
    await expect(refused).rejects.toMatchObject({ code: "LEDGER_OFFLINE_SIGNING", stage: bad });
  });

  it("tells when the creator does not want to sign", async () => {
    const { ledger, device } = await counterNetwork("unwilling");
    const sign = () => Promise.reject(new Error("terms differ"));
    const refused = ledger.prepareOffline({ ...device, sign }, ADD, { key: "a" });
    await expect(refused).rejects.toThrow(/terms differ/);
    await expect(refused).rejects.toMatchObject({ stage: "proposal" });
  });
});

describe("errors of GatewayLedger", () => {
  it("gives the contract's own code when the contract refuses", async () => {
    const { ledger } = await counterNetwork("refused");
    const refused = ledger.execute(ADD, { key: "refused" });
    await expect(refused).rejects.toBeInstanceOf(EndorseError);
    await expect(refused).rejects.toMatchObject({
      code: "LEDGER_ENDORSE",
      contractCode: "SC1_EXISTS",
      isRefusal: true,
      transactionId: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    await expect(ledger.evaluate(ADD, { key: "refused" })).rejects.toMatchObject({
      code: "LEDGER_EVALUATE",
      contractCode: "SC1_EXISTS",
    });
  });

  it("takes an unknown transaction for a refusal without a code", async () => {
    const { ledger } = await counterNetwork("unknown");
    const refused = ledger.execute("counter:Subtract", {});
    await expect(refused).rejects.toMatchObject({ isRefusal: true, contractCode: undefined });
  });

  it.each([
    ["evaluate", EvaluateError],
    ["endorse", EndorseError],
    ["submit", SubmitError],
    ["commitStatus", CommitStatusError],
  ] as const)("has a class of its own when %s fails, which is no refusal", async (method, type) => {
    const { ledger } = await counterNetwork("down", failing(method));
    const call = method === "evaluate" ? ledger.chainInfo() : ledger.execute(ADD, { key: "a" });
    await expect(call).rejects.toBeInstanceOf(type);
    await expect(call).rejects.toMatchObject({ status: UNAVAILABLE, isRefusal: false, contractCode: undefined });
  });

  it("has one for a transaction that lost a race", async () => {
    const { ledger } = await counterNetwork("race");
    const race = await Promise.allSettled([ledger.execute(ADD, { key: "a" }), ledger.execute(ADD, { key: "a" })]);
    const lost = race.find((one) => one.status === "rejected");
    expect(lost?.reason).toBeInstanceOf(CommitError);
    expect(lost?.reason).toMatchObject({ validationName: "MVCC_READ_CONFLICT", isConflict: true });
  });

  it("has one for a broken stream of events", async () => {
    const error = new GatewayStatusError(UNAVAILABLE, "peer is down");
    const breaking = (service: GatewayService): GatewayService => {
      const broken = failing("submit", error)(service);
      broken.chaincodeEvents = () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }) });
      return broken;
    };
    const { ledger } = await counterNetwork("stream", breaking);
    const first = ledger.events(0)[Symbol.asyncIterator]().next();
    await expect(first).rejects.toBeInstanceOf(EventsError);
  });
});

describe("a refusal", () => {
  const refusals = { repeats: 2, delayMs: 100 };
  const lagging = (times: number) => (service: GatewayService) => {
    let left = times;
    const refusal = { address: "peer", mspId: "VnMSP", message: "chaincode response 500, SC1_UNKNOWN: sc1-1" };
    return new Proxy(service, {
      get: (target, name) => {
        if (name === "endorse" && left-- > 0) {
          return () => Promise.reject(new GatewayStatusError(10, "failed to endorse", [refusal]));
        }
        const member: unknown = Reflect.get(target, name, target);
        return typeof member === "function" ? member.bind(target) : member;
      },
    });
  };

  it("of a peer that lags behind is asked for again, and passes", async () => {
    const { ledger, clock } = await counterNetwork("lagging", lagging(2), { refusals });
    const executed = ledger.execute(ADD, { key: "a" });
    await clock.advanceTo(clock.nowUnixMs() + 1_000);
    expect(await executed).toMatchObject({ result: { count: 1 } });
  });

  it("is believed when it stands as often as it may be asked for, and at once without a network", async () => {
    const stubborn = await counterNetwork("stubborn", lagging(3), { refusals });
    const refused = expect(stubborn.ledger.execute(ADD, { key: "a" })).rejects.toMatchObject({
      contractCode: "SC1_UNKNOWN",
      isRefusal: true,
    });
    await stubborn.clock.advanceTo(stubborn.clock.nowUnixMs() + 1_000);
    await refused;
    const { ledger } = await counterNetwork("at once", lagging(1));
    await expect(ledger.execute(ADD, { key: "a" })).rejects.toBeInstanceOf(EndorseError);
  });
});
