import type { AggregatorOptions } from "@gridpact/aggregator";
import type { VnAgentOptions } from "@gridpact/broker";
import { readClockSetting } from "../process/clock-file.ts";
import type { DataDirectory } from "../process/data-directory.ts";

const MINUTE_MS = 60_000;

/**
 * On an accelerated clock a minute of the market is a fraction of a second of the machine, while a round trip takes as
 * long as ever. What is waited for over a network therefore gets at least this much of the machine's time.
 */
const REAL_MS = {
  heartbeat: 1_000,
  alive: 10_000,
  consent: 3_000,
  resend: 700,
  lead: 500,
  report: 700,
  respond: 16_000,
  move: 60_000,
  openAdrPoll: 300,
} as const;

/** A request waits this long at most, and a poll with two signatures costs some 10 ms of processor time. */
const POLL_MS = 10_000;

type Pace = {
  agent: Partial<VnAgentOptions>;
  aggregator: Partial<AggregatorOptions>;
  /** How often OpenADR's VENs ask for news, in the market's time. */
  pollMs: number;
  /** The same in ISO 8601. */
  pollFrequency: string;
};

/** Waiting times for the clock of a data directory; none on the machine's own clock, where the defaults are right. */
export function paceOf(data: DataDirectory): Pace {
  const speed = readClockSetting(data)?.speed ?? 1;
  const atLeast = (byDefaultMs: number, realMs: number) => Math.max(byDefaultMs, Math.ceil(realMs * speed));
  const pollS = Math.ceil(atLeast(POLL_MS, REAL_MS.openAdrPoll) / 1_000);
  const polling = { pollMs: pollS * 1_000, pollFrequency: `PT${pollS}S` };
  if (speed === 1) return { agent: {}, aggregator: {}, ...polling };
  return {
    ...polling,
    agent: {
      heartbeatMs: atLeast(MINUTE_MS, REAL_MS.heartbeat),
      consentWithinMs: atLeast(5 * MINUTE_MS, REAL_MS.consent),
      consentLeadMs: atLeast(2 * MINUTE_MS, REAL_MS.lead),
      resendMs: atLeast(MINUTE_MS / 2, REAL_MS.resend),
      setpointLeadMs: atLeast(2 * MINUTE_MS, REAL_MS.lead),
      reportWaitMs: atLeast(2 * MINUTE_MS, REAL_MS.report),
      moveWithinMs: atLeast(60 * MINUTE_MS, REAL_MS.move),
    },
    aggregator: {
      respondWithinMs: atLeast(10 * MINUTE_MS, REAL_MS.respond),
      aliveMsMax: atLeast(3 * MINUTE_MS, REAL_MS.alive),
      callLeadMs: atLeast(5 * MINUTE_MS, REAL_MS.consent),
    },
  };
}
