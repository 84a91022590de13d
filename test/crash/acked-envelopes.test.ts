import type { LoggedEnvelope } from "@gridpact/native";
import { encode, VERDICT, ZERO_HASH } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { AckedEnvelopes } from "./acked-envelopes.ts";
import type { SentEnvelope } from "./load-device.ts";

/** `variant` makes other bytes for the same identity. */
function envelope(firstSeq: bigint, options: { isForged?: boolean; variant?: number } = {}): SentEnvelope {
  const { isForged = false, variant = 0 } = options;
  const deviceId = "honest-1";
  const payload = encode("EnvelopePayload", {
    deviceId,
    bootEpoch: 1,
    firstSeq,
    previousEnvelopeHash: ZERO_HASH,
    readings: [],
  });
  const signature = new Uint8Array(64).fill(variant);
  return { deviceId, firstSeq, isForged, bytes: encode("SignedEnvelope", { payload, signature }) };
}

async function* logOf(...records: [SentEnvelope, number][]): AsyncIterable<LoggedEnvelope> {
  for (const [index, [{ deviceId, bytes }, verdict]] of records.entries()) {
    yield { walSeq: BigInt(index), verdict, receivedAtUnixMs: 0, deviceId, bytes };
  }
}

const { ACCEPTED, BAD_SIGNATURE, STALE } = VERDICT;
const first = envelope(0n);
const second = envelope(1n);
const forged = envelope(2n, { isForged: true });

describe("the account of acknowledged envelopes", () => {
  it.each([
    {
      name: "all are there once",
      records: logOf([first, ACCEPTED], [second, ACCEPTED], [forged, BAD_SIGNATURE]),
      counts: {},
    },
    {
      name: "a rejection is there again after a resend",
      records: logOf([first, ACCEPTED], [second, ACCEPTED], [forged, BAD_SIGNATURE], [forged, BAD_SIGNATURE]),
      counts: {},
    },
    { name: "one is missing", records: logOf([first, ACCEPTED], [forged, BAD_SIGNATURE]), counts: { lost: 1 } },
    {
      name: "a rejection is missing",
      records: logOf([first, ACCEPTED], [second, ACCEPTED]),
      counts: { lost: 1, rejected: 0 },
    },
    {
      name: "one is there with other bytes only",
      records: logOf([first, ACCEPTED], [envelope(1n, { variant: 9 }), ACCEPTED], [forged, BAD_SIGNATURE]),
      counts: { lost: 1 },
    },
    {
      name: "one was accepted twice",
      records: logOf([first, ACCEPTED], [second, ACCEPTED], [first, ACCEPTED], [forged, BAD_SIGNATURE]),
      counts: { storedTwice: 1 },
    },
    {
      name: "an identity was accepted twice, with different bytes",
      records: logOf(
        [first, ACCEPTED],
        [second, ACCEPTED],
        [envelope(1n, { variant: 9 }), ACCEPTED],
        [forged, BAD_SIGNATURE],
      ),
      counts: { storedTwice: 1 },
    },
    {
      name: "an unacknowledged one was accepted twice",
      records: logOf(
        [first, ACCEPTED],
        [second, ACCEPTED],
        [forged, BAD_SIGNATURE],
        [envelope(7n), ACCEPTED],
        [envelope(7n), ACCEPTED],
      ),
      counts: { storedTwice: 1 },
    },
    {
      name: "a forged one was accepted and an honest one rejected",
      records: logOf([first, ACCEPTED], [second, STALE], [forged, ACCEPTED]),
      counts: { misjudged: 2 },
    },
  ])("shows when $name", async ({ records, counts }) => {
    const acked = new AckedEnvelopes();
    for (const each of [first, second, forged]) acked.add(each);
    const whole = { acked: 3, lost: 0, storedTwice: 0, rejected: 1, misjudged: 0 };
    expect(await acked.reconcile(records)).toEqual({ ...whole, ...counts });
  });
});
