import { silentLog, VirtualClock } from "@gridpact/host";
import {
  CommitError,
  EndorseError,
  type LedgerArgument,
  type OfflineCreator,
  OfflineSigningError,
  type PreparedTransaction,
  SubmitError,
} from "@gridpact/ledger";
import { encode } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { CONSENTS_AT_ONCE_MAX, ConsentDesk, type ConsentQuery } from "./consent-desk.ts";
import { SignatureExchange } from "./signature-exchange.ts";

const INVALID = { isValid: false, code: 11, name: "MVCC_READ_CONFLICT", blockNumber: 1 };

/** A desk whose device signs at once and whose ledger answers as the test says. */
function setUp(failure?: () => Error | undefined) {
  const clock = new VirtualClock(0);
  const delivered: string[] = [];
  const exchange: SignatureExchange = new SignatureExchange(
    { resendMs: 1_000 },
    { clock, log: silentLog, deviceLink: { send: async () => undefined } },
  );
  const ledger = {
    prepareOffline: async (creator: OfflineCreator, transaction: string): Promise<PreparedTransaction> => {
      const error = failure?.();
      if (error !== undefined) throw error;
      const signing = creator.sign("proposal", Buffer.from("m")).catch((cause: unknown) => {
        throw new OfflineSigningError("tx", "proposal", cause);
      });
      await signing;
      return { transactionId: "tx", transaction, bytes: new Uint8Array(), result: null };
    },
  };
  const outbox = {
    executePrepared: async (key: string) => {
      delivered.push(key);
      return { transactionId: "tx", blockNumber: 1, result: null };
    },
    execute: async (_key: string, transaction: string, argument: LedgerArgument) => {
      delivered.push(`${transaction} ${JSON.stringify(argument)}`);
      return { transactionId: "tx", blockNumber: 1, result: null };
    },
  };
  const desk = new ConsentDesk({ mspId: "VnMSP" }, { ledger, outbox, exchange, log: silentLog });
  const answer = (attempt: number, refusal = "", stage = "proposal") => {
    const requestId = `c/${attempt}/${stage}`;
    exchange.receive("a", encode("SignResponse", { requestId, signature: Buffer.from("s"), refusal }));
  };
  return { clock, desk, delivered, answer };
}

function query(changes: Partial<ConsentQuery> = {}): ConsentQuery {
  return {
    contractId: "c",
    deviceId: "a",
    certificatePem: "",
    argument: null,
    isTogether: false,
    deadlineUnixMs: 5_000,
    ...changes,
  };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

describe("ConsentDesk", () => {
  it("carries a device's signed acceptance to the ledger and tells its end once", async () => {
    const { desk, delivered, answer } = setUp();
    expect(desk.request(query())).toEqual({ status: "pending" });
    answer(0);
    await settled();
    expect(desk.request(query())).toEqual({ status: "accepted" });
    expect(delivered).toEqual(["consent/c/tx"]);
    expect(desk.isUnknown("c")).toBe(true);
  });

  it("takes a consent that goes together with others' to the ledger when it is told to", async () => {
    const { desk, delivered, answer } = setUp();
    desk.request(query({ isTogether: true }));
    answer(0, "", "consent");
    await settled();
    expect(delivered).toEqual([]);
    desk.handIn();
    await settled();
    expect(desk.request(query({ isTogether: true }))).toEqual({ status: "accepted" });
    const signatureHex = Buffer.from("s").toString("hex");
    expect(delivered).toEqual([
      `sc2:AcceptReductionBatch ${JSON.stringify({ consents: [{ contractId: "c", signatureHex }] })}`,
    ]);
  });

  it("tells a refusal with the device's words, and silence as such", async () => {
    const { clock, desk, answer } = setUp();
    desk.request(query());
    answer(0, "the owner is at home");
    await settled();
    expect(desk.request(query())).toMatchObject({ status: "declined", reason: expect.stringContaining("at home") });
    desk.request(query());
    await clock.advanceTo(5_000);
    expect(desk.request(query())).toMatchObject({ status: "declined", reason: expect.stringContaining("no answer") });
  });

  it("takes the contract's refusal as final, unless the contract may have moved on", async () => {
    const refusal = (code: string) => new EndorseError("tx", new Error(`chaincode response 500, ${code}: no`));
    const broke = setUp(() => refusal("ACCOUNT_INSUFFICIENT"));
    broke.desk.request(query());
    await settled();
    expect(broke.desk.request(query())).toMatchObject({ status: "declined" });
    const moved = setUp(() => refusal("SC2_WRONG_STATE"));
    moved.desk.request(query());
    await settled();
    expect(moved.desk.isUnknown("c")).toBe(true);
  });

  it("asks again after a failure that may pass, and does not take an old answer for a new one", async () => {
    const failures = [new SubmitError("tx", new Error("no route")), new CommitError("tx", INVALID)];
    const { desk, delivered, answer } = setUp(() => failures.shift());
    for (let attempt = 0; attempt < 2; attempt++) {
      desk.request(query());
      await settled();
      expect(desk.isUnknown("c")).toBe(true);
    }
    desk.request(query());
    await settled();
    answer(0);
    await settled();
    expect(delivered).toEqual([]);
    answer(2);
    await settled();
    expect(desk.request(query())).toEqual({ status: "accepted" });
  });

  it("has as many consents under way as it may, and begins others later", async () => {
    const { desk } = setUp();
    for (let index = 0; index < CONSENTS_AT_ONCE_MAX; index++) desk.request(query({ contractId: `c${index}` }));
    expect(desk.request(query({ contractId: "one more" }))).toEqual({ status: "pending" });
    expect(desk.isUnknown("one more")).toBe(true);
    expect(desk.isUnknown("c0")).toBe(false);
  });
});
