import { VirtualClock } from "@gridpact/host";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { temporaryData } from "../../test/temporary-data.ts";
import { startClock } from "../process/clock-file.ts";
import { paceOf } from "./pace.ts";

const MINUTE_MS = 60_000;

const data = temporaryData({ beforeEach, afterEach });

function atSpeed(speed: number) {
  startClock(data(), { startUnixMs: 0, speed }, new VirtualClock(0));
  return paceOf(data());
}

describe("the pace of a run", () => {
  it("is that of the defaults on the machine's own clock, also when a run set it to the same speed", () => {
    expect(paceOf(data())).toEqual({ agent: {}, aggregator: {}, pollMs: 10_000, pollFrequency: "PT10S" });
    expect(atSpeed(1)).toEqual({ agent: {}, aggregator: {}, pollMs: 10_000, pollFrequency: "PT10S" });
  });

  it("leaves a round trip as much of the machine's time as it needs, however fast the day is", () => {
    const { agent, aggregator, pollFrequency } = atSpeed(300);
    expect(pollFrequency).toBe("PT90S");
    expect(agent.consentWithinMs).toBe(300 * 3_000);
    expect(agent.heartbeatMs).toBe(300 * 1_000);
    expect(agent.moveWithinMs).toBe(300 * 60_000);
    expect(aggregator.respondWithinMs).toBe(300 * 16_000);
  });

  it("never waits less than the market's own time", () => {
    const { agent, aggregator } = atSpeed(2);
    expect(agent.heartbeatMs).toBe(MINUTE_MS);
    expect(agent.moveWithinMs).toBe(60 * MINUTE_MS);
    expect(aggregator.respondWithinMs).toBe(10 * MINUTE_MS);
  });

  it("gives a heartbeat less time than the silence after which its node counts as gone", () => {
    for (const speed of [2, 60, 300, 3_000]) {
      const { agent, aggregator } = atSpeed(speed);
      expect(agent.heartbeatMs).toBeLessThan(aggregator.aliveMsMax ?? 0);
    }
  });
});
