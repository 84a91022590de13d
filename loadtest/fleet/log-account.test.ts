import type { LoggedEnvelope } from "@gridpact/native";
import { encode, VERDICT, ZERO_HASH } from "@gridpact/proto";
import { expect, it } from "vitest";
import { accountForLog } from "./log-account.ts";

type Entry = { seq: bigint; deviceId?: string; verdict?: number };

async function* logOf(entries: readonly Entry[]): AsyncIterable<LoggedEnvelope> {
  for (const [index, { seq, deviceId = "a", verdict = VERDICT.ACCEPTED }] of entries.entries()) {
    const payload = encode("EnvelopePayload", {
      deviceId,
      bootEpoch: 1,
      firstSeq: seq,
      previousEnvelopeHash: ZERO_HASH,
      readings: [],
    });
    const bytes = encode("SignedEnvelope", { payload, signature: new Uint8Array(64) });
    yield { walSeq: BigInt(index), verdict, receivedAtUnixMs: 0, deviceId, bytes };
  }
}

it.each([
  { name: "all are there once", entries: [{ seq: 0n }, { seq: 1n }], wanted: {} },
  { name: "one is missing", entries: [{ seq: 0n }], wanted: { accepted: 1, missing: 1 } },
  {
    name: "one is there twice",
    entries: [{ seq: 0n }, { seq: 0n }, { seq: 1n }],
    wanted: { accepted: 3, storedTwice: 1 },
  },
  {
    name: "one was rejected",
    entries: [{ seq: 0n }, { seq: 1n, verdict: VERDICT.STALE }],
    wanted: { accepted: 1, rejected: 1, missing: 1 },
  },
  {
    name: "one is of a device that sent nothing",
    entries: [{ seq: 0n }, { seq: 1n, deviceId: "b" }],
    wanted: { missing: 1 },
  },
])("shows when $name", async ({ entries, wanted }) => {
  const whole = { accepted: 2, rejected: 0, missing: 0, storedTwice: 0 };
  expect(await accountForLog(logOf(entries), { a: 2 })).toEqual({ ...whole, ...wanted });
});
