import type { LoggedEnvelope } from "@gridpact/native";
import { decode, VERDICT } from "@gridpact/proto";

/** What the log has of what a fleet sent. */
export type LogAccount = {
  accepted: number;
  rejected: number;
  /** Sent and acknowledged, and not accepted in the log. */
  missing: number;
  /** Accepted more than once. */
  storedTwice: number;
};

/**
 * Holds the log against what each device sent, all of it acknowledged: envelopes of one reading each, numbered from 0
 * without a gap.
 */
export async function accountForLog(
  records: AsyncIterable<LoggedEnvelope>,
  sentByDevice: Readonly<Record<string, number>>,
): Promise<LogAccount> {
  const account: LogAccount = { accepted: 0, rejected: 0, missing: 0, storedTwice: 0 };
  const seen = new Map(Object.entries(sentByDevice).map(([deviceId, sent]) => [deviceId, new Uint8Array(sent)]));
  for await (const { verdict, bytes } of records) {
    if (verdict !== VERDICT.ACCEPTED) {
      account.rejected += 1;
      continue;
    }
    account.accepted += 1;
    const { deviceId, firstSeq } = decode("EnvelopePayload", decode("SignedEnvelope", bytes).payload);
    const ofDevice = seen.get(deviceId);
    const seq = Number(firstSeq);
    account.storedTwice += ofDevice?.[seq] ?? 0;
    if (ofDevice !== undefined && seq < ofDevice.length) ofDevice[seq] = 1;
  }
  for (const ofDevice of seen.values()) for (const isThere of ofDevice) account.missing += 1 - isThere;
  return account;
}
