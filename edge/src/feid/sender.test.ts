import { SeededRandom, SimulatedDisk, signingKeyFromSeed, silentLog, VirtualClock } from "@gridpact/host";
import { type Channel, ENVELOPE_LIMITS, QUALITY } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { EnvelopeChain, freshChain } from "../sign/index.ts";
import { Spool } from "../spool/index.ts";
import type { Uplink } from "../uplink/index.ts";
import { IN_FLIGHT_ENVELOPES_MAX, Sender } from "./sender.ts";

const key = signingKeyFromSeed(new SeededRandom("sender").bytes(32));

/** An uplink whose every acknowledgement is the test's to give. */
class HeldUplink implements Uplink {
  readonly sent: { bytes: Uint8Array; acknowledge: () => void; lose: () => void }[] = [];
  isUp = true;

  async connect(): Promise<void> {}

  isConnected(): boolean {
    return this.isUp;
  }

  onConnected(): void {}

  onMessage(): void {}

  async close(): Promise<void> {}

  publish(_channel: Channel, bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.sent.push({ bytes, acknowledge: resolve, lose: () => reject(new Error("lost")) });
    });
  }
}

async function setUp(envelopeCount: number) {
  const clock = new VirtualClock(0);
  const disk = new SimulatedDisk(new SeededRandom("disk"));
  const { spool } = await Spool.open({ disk, directory: "spool", bytesMax: 1_000_000 });
  const chain = new EnvelopeChain({ deviceId: "d-1", key }, freshChain(1));
  for (let index = 0; index < envelopeCount; index++) {
    const measuredAtUnixMs = BigInt(index);
    const sealed = chain.seal([
      { measuredAtUnixMs, powerW: 0n, importWh: 0n, exportWh: 0n, quality: QUALITY.MEASURED },
    ]);
    await spool.appendEnvelope(sealed);
  }
  const inOrder = spool.unacked.map(({ bytes }) => bytes);
  const uplink = new HeldUplink();
  const failures: unknown[] = [];
  const onFailure = (error: unknown) => failures.push(error);
  const sender = new Sender({ spool, uplink, clock, log: silentLog, onAcked: () => undefined, onFailure });
  /** Lets all promise reactions run. */
  const settle = () => clock.advanceTo(clock.nowUnixMs());
  return { clock, disk, spool, sender, uplink, failures, inOrder, settle };
}

describe("Sender", () => {
  it("sends in order up to its window, and one more for each acknowledgement", async () => {
    const { sender, uplink, inOrder, settle } = await setUp(IN_FLIGHT_ENVELOPES_MAX + 2);
    sender.pump();
    expect(uplink.sent.map(({ bytes }) => bytes)).toEqual(inOrder.slice(0, IN_FLIGHT_ENVELOPES_MAX));
    uplink.sent[0]?.acknowledge();
    await settle();
    expect(uplink.sent.map(({ bytes }) => bytes)).toEqual(inOrder.slice(0, IN_FLIGHT_ENVELOPES_MAX + 1));
  });

  it("takes envelopes from the spool in order even when they are acknowledged out of order", async () => {
    const { sender, spool, uplink, settle } = await setUp(3);
    sender.pump();
    uplink.sent[1]?.acknowledge();
    uplink.sent[2]?.acknowledge();
    await settle();
    expect(spool.unacked).toHaveLength(3);
    uplink.sent[0]?.acknowledge();
    await settle();
    expect(spool.unacked).toHaveLength(0);
    expect(sender.stats).toEqual({ envelopesPublished: 3, envelopesAcked: 3, readingsAcked: 3 });
  });

  it("starts again from the first unacknowledged one after a failure, and ignores what came before", async () => {
    const { clock, sender, spool, uplink, inOrder, settle } = await setUp(3);
    sender.pump();
    uplink.sent[0]?.acknowledge();
    await settle();
    uplink.sent[1]?.lose();
    await settle();
    uplink.sent[2]?.acknowledge();
    await settle();
    expect(spool.unacked).toHaveLength(2);
    await clock.advanceTo(1_000);
    expect(uplink.sent.slice(3).map(({ bytes }) => bytes)).toEqual(inOrder.slice(1));
  });

  it("waits for a connection, and does not wait for its own pause when one stands again", async () => {
    const { clock, sender, uplink, settle } = await setUp(1);
    uplink.isUp = false;
    sender.pump();
    expect(uplink.sent).toHaveLength(0);
    uplink.isUp = true;
    sender.restart();
    uplink.sent[0]?.lose();
    await settle();
    sender.restart();
    expect(uplink.sent).toHaveLength(2);
    await clock.advanceTo(10_000);
    expect(uplink.sent).toHaveLength(2);
  });

  it("never has more out than a restart may send again, and goes on when acknowledgements are on disk", async () => {
    const { sender, spool, uplink, settle } = await setUp(200);
    // Nothing that was acknowledged gets to disk: as with a disk that has become very slow.
    const saved: (() => void)[] = [];
    const saveCursor = spool.saveCursor.bind(spool);
    spool.saveCursor = () => new Promise((resolve) => saved.push(() => void saveCursor().then(resolve)));
    sender.pump();
    const acknowledgeAll = async () => {
      for (let index = 0; index < uplink.sent.length; index++) {
        uplink.sent[index]?.acknowledge();
        await settle();
      }
    };
    await acknowledgeAll();
    expect(uplink.sent).toHaveLength(ENVELOPE_LIMITS.replayWindowEnvelopes);
    expect(spool.resendable).toBe(ENVELOPE_LIMITS.replayWindowEnvelopes);
    expect(saved).toHaveLength(1);
    saved[0]?.();
    await settle();
    expect(spool.resendable).toBe(0);
    expect(uplink.sent).toHaveLength(ENVELOPE_LIMITS.replayWindowEnvelopes + IN_FLIGHT_ENVELOPES_MAX);
  });

  it("tells when the disk fails, and sends nothing more once stopped", async () => {
    const { disk, sender, uplink, failures, settle } = await setUp(100);
    disk.setFault("ENOSPC");
    sender.pump();
    for (let index = 0; index < 40; index++) {
      uplink.sent[index]?.acknowledge();
      await settle();
    }
    expect(failures).toMatchObject([{ code: "JOURNAL_WRITE" }]);
    sender.stop();
    const { length } = uplink.sent;
    sender.restart();
    expect(uplink.sent).toHaveLength(length);
  });
});
