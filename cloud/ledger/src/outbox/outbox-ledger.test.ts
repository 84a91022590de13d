import { silentLog } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import { counterNetwork } from "../client/counter-network.ts";
import { type GatewayService, GatewayStatusError } from "../gateway/index.ts";
import { Outbox, RETRY_DELAY_MS_DEFAULT, STATUS_WAIT_MS_DEFAULT } from "./outbox.ts";

const ADD = "counter:Add";
const UNAVAILABLE = 14;

/** Loses the answer to every second submission, and every third status. */
function lossy(service: GatewayService): GatewayService {
  let submissions = 0;
  let questions = 0;
  const lost = () => Promise.reject(new GatewayStatusError(UNAVAILABLE, "connection lost"));
  return {
    evaluate: (request) => service.evaluate(request),
    endorse: (request) => service.endorse(request),
    submit: async (request) => {
      const answer = await service.submit(request);
      return submissions++ % 2 === 0 ? lost() : answer;
    },
    commitStatus: (request) => (questions++ % 3 === 0 ? lost() : service.commitStatus(request)),
    chaincodeEvents: (request) => service.chaincodeEvents(request),
  };
}

describe("Outbox on the embedded ledger", () => {
  it("counts each key once over lost answers, conflicts and a restart", async () => {
    const { ledger, clock, disk, device } = await counterNetwork("outbox", lossy);
    const open = () => Outbox.open({ directory: "outbox" }, { disk, clock, ledger, log: silentLog });
    const outbox = await open();
    const execute = (box: Outbox, index: number) =>
      box.execute(`add/${index}`, ADD, { key: "a" }, { lane: `lane-${index % 3}` });
    const sign = async (_: string, message: Uint8Array) => device.key.sign(message);
    const prepared = await ledger.prepareOffline({ ...device, sign }, ADD, { key: "b" });
    const offline = outbox.executePrepared("offline", prepared);
    const before = Array.from({ length: 12 }, (_, index) => execute(outbox, index).catch(() => undefined));
    await clock.advanceTo(clock.nowUnixMs() + RETRY_DELAY_MS_DEFAULT);
    await outbox.close();
    await Promise.all(before);
    const reopened = await open();
    const after = Array.from({ length: 12 }, (_, index) => execute(reopened, index));
    await clock.advanceTo(clock.nowUnixMs() + 10 * STATUS_WAIT_MS_DEFAULT);
    const committed = await Promise.all(after);
    expect(new Set(committed.map(({ transactionId }) => transactionId)).size).toBe(12);
    expect(await ledger.evaluate("counter:Get", { key: "a" })).toMatchObject({ count: 12 });
    expect(await ledger.evaluate("counter:Get", { key: "b" })).toMatchObject({ count: 1 });
    await expect(offline).resolves.toMatchObject({ transactionId: prepared.transactionId });
    expect(reopened.metrics().pending).toBe(0);
  });
});
