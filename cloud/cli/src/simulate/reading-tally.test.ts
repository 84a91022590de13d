import { encode, QUALITY, ZERO_HASH } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { ReadingTally, readingCountOf } from "./reading-tally.ts";

/** An envelope with so many readings. */
function envelope(firstSeq: bigint, readingCount: number): Uint8Array {
  const reading = { measuredAtUnixMs: 0n, powerW: 0n, importWh: 0n, exportWh: 0n, quality: QUALITY.MEASURED };
  const payload = encode("EnvelopePayload", {
    deviceId: "d-1",
    bootEpoch: 1,
    firstSeq,
    previousEnvelopeHash: ZERO_HASH,
    readings: Array.from({ length: readingCount }, () => reading),
  });
  return encode("SignedEnvelope", { payload, signature: new Uint8Array(64) });
}

describe("the tally of readings", () => {
  it("counts the readings in an envelope, not envelopes", () => {
    expect([0, 1, 96].map((count) => readingCountOf(envelope(1n, count)))).toEqual([0, 1, 96]);
  });

  it("counts what was sent and what was acknowledged", () => {
    const tally = new ReadingTally();
    tally.noteSent("reading", envelope(1n, 3));
    tally.noteSent("reading", envelope(4n, 2));
    tally.noteAcked("reading", envelope(4n, 2));
    expect([tally.sent(), tally.acked()]).toEqual([5, 2]);
  });

  it("counts an envelope once, however often it was sent or acknowledged", () => {
    const tally = new ReadingTally();
    for (let attempt = 0; attempt < 3; attempt++) {
      tally.noteSent("reading", envelope(1n, 3));
      tally.noteAcked("reading", envelope(1n, 3));
    }
    expect([tally.sent(), tally.acked()]).toEqual([3, 3]);
  });

  it("counts no acknowledgement of what was never sent", () => {
    const tally = new ReadingTally();
    tally.noteAcked("reading", envelope(1n, 3));
    expect([tally.sent(), tally.acked()]).toEqual([0, 0]);
  });

  it("leaves out what is no reading", () => {
    const tally = new ReadingTally();
    tally.noteSent("signature", Buffer.from("no envelope"));
    tally.noteAcked("signature", Buffer.from("no envelope"));
    expect([tally.sent(), tally.acked()]).toEqual([0, 0]);
  });
});
