import { silentLog, VirtualClock } from "@gridpact/host";
import { decode, encode, SIGN_STAGE } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { SignatureExchange } from "../contract/index.ts";
import { AMENDMENTS_AT_ONCE_MAX, AmendmentDesk } from "./amendment-desk.ts";

function setUp() {
  const clock = new VirtualClock(0);
  const sent: ReturnType<typeof decode<"SignRequest">>[] = [];
  const send = async (_: string, __: string, bytes: Uint8Array) => void sent.push(decode("SignRequest", bytes));
  const exchange = new SignatureExchange({ resendMs: 60_000 }, { clock, log: silentLog, deviceLink: { send } });
  const desk = new AmendmentDesk({ exchange, log: silentLog });
  const ask = (contractId = "c", text = "1") =>
    desk.ask({ contractId, deviceId: "a", message: { amendmentText: text }, deadlineUnixMs: 1_000 }).status;
  const answer = async (refusal = "") => {
    const { requestId } = sent.at(-1) ?? { requestId: "" };
    exchange.receive("a", encode("SignResponse", { requestId, signature: Buffer.from("s"), refusal }));
    await Promise.resolve();
    await clock.advanceTo(clock.nowUnixMs());
  };
  return { clock, sent, desk, ask, answer };
}

describe("AmendmentDesk", () => {
  it("asks once for a word on an amendment, and tells it once", async () => {
    const { sent, ask, answer } = setUp();
    expect([ask(), ask()]).toEqual(["pending", "pending"]);
    expect(sent.map(({ stage }) => stage)).toEqual([SIGN_STAGE.AMENDMENT]);
    await answer();
    expect([ask(), ask()]).toEqual(["signed", "pending"]);
    expect(sent).toHaveLength(2);
  });

  it("takes a refusal, and silence until the deadline, for a no", async () => {
    const { clock, ask, answer } = setUp();
    ask();
    await answer("delivers_more: so it is");
    expect(ask()).toBe("declined");
    ask("d");
    await clock.advanceTo(1_000);
    expect(ask("d")).toBe("declined");
  });

  it("forgets what has been decided, and takes no late answer for it", async () => {
    const { sent, desk, ask, answer } = setUp();
    ask();
    desk.forget(["c"]);
    await answer();
    expect(ask()).toBe("pending");
    expect(sent).toHaveLength(2);
  });

  it("asks as many at once as it may and not one more", () => {
    const { sent, ask } = setUp();
    for (let index = 0; index <= AMENDMENTS_AT_ONCE_MAX; index++) ask(`c${index}`);
    expect(sent).toHaveLength(AMENDMENTS_AT_ONCE_MAX);
  });
});
