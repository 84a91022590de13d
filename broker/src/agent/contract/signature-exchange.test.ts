import { silentLog, VirtualClock } from "@gridpact/host";
import { decode, encode, SIGN_STAGE } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { PENDING_SIGNATURES_MAX, SignatureExchange } from "./signature-exchange.ts";

function setUp() {
  const clock = new VirtualClock(0);
  const sent: { deviceId: string; bytes: Uint8Array }[] = [];
  const state = { isOffline: false };
  const deviceLink = {
    send: async (deviceId: string, _: string, bytes: Uint8Array) => {
      sent.push({ deviceId, bytes });
      if (state.isOffline) throw new Error("offline");
    },
  };
  const exchange = new SignatureExchange({ resendMs: 1_000 }, { clock, deviceLink, log: silentLog });
  const ask = (requestId = "r1") => {
    const stage = SIGN_STAGE.PROPOSAL;
    return exchange.request({ deviceId: "a", requestId, stage, message: Buffer.from("m"), deadlineUnixMs: 5_000 });
  };
  return { clock, sent, state, exchange, ask };
}

function response(requestId: string, changes: { refusal?: string } = {}): Uint8Array {
  return encode("SignResponse", { requestId, signature: Buffer.from("s"), refusal: "", ...changes });
}

describe("SignatureExchange", () => {
  it("asks the device and gives its signature", async () => {
    const { sent, exchange, ask } = setUp();
    const signature = ask();
    expect(decode("SignRequest", sent[0]?.bytes ?? new Uint8Array())).toMatchObject({ requestId: "r1", stage: 1 });
    exchange.receive("a", response("r1"));
    expect(Buffer.from(await signature).toString()).toBe("s");
  });

  it("asks again until the answer is there, also when the device is away", async () => {
    const { clock, sent, state, exchange, ask } = setUp();
    state.isOffline = true;
    const signature = ask();
    await clock.advanceTo(2_500);
    expect(sent).toHaveLength(3);
    exchange.receive("a", response("r1"));
    await signature;
    await clock.advanceTo(10_000);
    expect(sent).toHaveLength(3);
  });

  it("gives up at the deadline", async () => {
    const { clock, ask } = setUp();
    const signature = expect(ask()).rejects.toMatchObject({ code: "SIGNATURE_TIMEOUT", deviceId: "a" });
    await clock.advanceTo(5_000);
    await signature;
  });

  it("passes a refusal on with the device's words", async () => {
    const { exchange, ask } = setUp();
    const signature = expect(ask()).rejects.toMatchObject({ code: "SIGNATURE_REFUSED", message: "a: not my terms" });
    exchange.receive("a", response("r1", { refusal: "not my terms" }));
    await signature;
  });

  it("ignores answers of other devices, to other requests, and those that are none", async () => {
    const { clock, exchange, ask } = setUp();
    const signature = expect(ask()).rejects.toMatchObject({ code: "SIGNATURE_TIMEOUT" });
    exchange.receive("b", response("r1"));
    exchange.receive("a", response("r2"));
    exchange.receive("a", Uint8Array.of(0xff));
    await clock.advanceTo(5_000);
    await signature;
    exchange.receive("a", response("r1"));
  });

  it("takes as many requests as it may hold and says when it is full", () => {
    const { exchange, ask } = setUp();
    for (let index = 0; index < PENDING_SIGNATURES_MAX; index++) {
      expect(exchange.canAcceptWork()).toBe(true);
      void ask(`r${index}`).catch(() => undefined);
    }
    expect(exchange.canAcceptWork()).toBe(false);
    expect(() => ask("one more")).toThrow("canAcceptWork");
  });
});
