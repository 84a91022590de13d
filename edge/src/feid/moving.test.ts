import { SeededRandom, SimulatedDisk, signingKeyFromSeed, silentLog, VirtualClock } from "@gridpact/host";
import { decode, encode, SIGN_STAGE } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { FakeUplink, FakeVirtualNode } from "../../test/fake-virtual-node.ts";
import { MoveParties } from "../../test/move-offers.ts";
import type { AgreedMove } from "../consent/index.ts";
import { ReplayMeter } from "../meter/index.ts";
import { PowerSeries } from "../profile/index.ts";
import { Feid } from "./feid.ts";

const START = Date.UTC(2016, 0, 28);
const MINUTE_MS = 60_000;
const DEADLINE = START + 30 * MINUTE_MS;
const random = new SeededRandom("moving");
const key = signingKeyFromSeed(random.bytes(32));
const parties = new MoveParties(random);

async function setUp() {
  const clock = new VirtualClock(START);
  const disk = new SimulatedDisk(random.fork("disk"));
  const node = new FakeVirtualNode(key.publicKey);
  const site = new ReplayMeter(
    { load: PowerSeries.constant(6_000n), resources: [] },
    { startUnixMs: START - MINUTE_MS, importWh: 0n, exportWh: 0n },
  );
  const told: AgreedMove[] = [];
  let uplink = new FakeUplink({ clock, random: random.fork("uplink"), node });
  const open = async () => {
    uplink = new FakeUplink({ clock, random: random.fork("uplink"), node });
    const moves = { authorityPem: parties.authority.certificate.pem };
    const feid = await Feid.open(
      {
        deviceId: "d-1",
        readingPeriodMs: MINUTE_MS,
        mtuMs: 15 * MINUTE_MS,
        reduceWMax: 0n,
        consent: { penaltyCapMicroMax: 0n, moves },
      },
      {
        clock,
        disk,
        key,
        uplink,
        openSite: () => ({ meter: site, actuator: site }),
        log: silentLog,
        onFailure: (error) => {
          throw error;
        },
        onMove: (move) => told.push(move),
      },
    );
    feid.start();
    return feid;
  };
  const offer = async () => {
    const message = parties.offer({ deviceId: "d-1", publicKey: key.publicKey, deadlineUnixMs: DEADLINE });
    const request = { requestId: "r", stage: SIGN_STAGE.RELEASE, message };
    await uplink.deliver("sign-request", encode("SignRequest", request));
    await clock.advanceTo(clock.nowUnixMs() + 1_000);
    const answer = uplink.published.findLast(({ channel }) => channel === "signature");
    return decode("SignResponse", answer?.bytes ?? new Uint8Array());
  };
  return { clock, node, told, open, offer, lastAt: () => ((node.measuredAt().at(-1) ?? 0) - START) / MINUTE_MS };
}

describe("a device that moves", () => {
  it("sends nothing from its agreement on, over a restart, until the deadline; then it sends all", async () => {
    const { clock, node, told, open, offer, lastAt } = await setUp();
    let feid = await open();
    await clock.advanceTo(START + 5 * MINUTE_MS + 5_000);
    expect((await offer()).refusal).toBe("");
    await clock.advanceTo(START + 10 * MINUTE_MS);
    expect([lastAt(), feid.agreedMove()?.toVnId]).toEqual([5, "offices"]);
    await feid.stop();
    feid = await open();
    await clock.advanceTo(DEADLINE - 1_000);
    expect([lastAt(), told.length]).toEqual([5, 2]);
    await clock.advanceTo(DEADLINE + 5_000);
    expect(node.measuredAt()).toHaveLength(31);
    expect(feid.agreedMove()?.toVnId).toBe("offices");
    await feid.stop();
  });

  it("goes on at once when the move comes to nothing", async () => {
    const { clock, node, open, offer } = await setUp();
    const feid = await open();
    await clock.advanceTo(START + 5 * MINUTE_MS + 5_000);
    await offer();
    await clock.advanceTo(START + 10 * MINUTE_MS + 5_000);
    await feid.stay();
    await clock.advanceTo(START + 10 * MINUTE_MS + 10_000);
    expect([node.measuredAt().length, feid.agreedMove()]).toEqual([11, undefined]);
    await feid.stop();
  });
});
