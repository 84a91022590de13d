import { SeededRandom, SimulatedDisk, signingKeyFromSeed, VirtualClock } from "@gridpact/host";
import { consentSigningBytes, releaseHash, SIGN_STAGE, verifyZip215 } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { MoveParties } from "../../test/move-offers.ts";
import { Consent, type ConsentPolicy } from "./consent.ts";
import { ConsentBook } from "./consent-book.ts";
import { type AgreedMove, MoveBook } from "./move-book.ts";

const NOW = Date.UTC(2016, 0, 28, 16);
const HOUR_MS = 3_600_000;
const random = new SeededRandom("release");
const key = signingKeyFromSeed(random.bytes(32));
const other = signingKeyFromSeed(random.bytes(32));
const parties = new MoveParties(random);
const authorityPem = parties.authority.certificate.pem;
const device = { deviceId: "d-1", publicKey: key.publicKey, deadlineUnixMs: NOW + HOUR_MS };
const release = { deviceId: "d-1", fromVnId: "district", toVnId: "offices", revision: 0 };

async function setUp(policy: Partial<ConsentPolicy> = { moves: { authorityPem } }) {
  const disk = new SimulatedDisk(new SeededRandom("disk"));
  const clock = new VirtualClock(NOW);
  const told: AgreedMove[] = [];
  const nothing = async () => undefined;
  const learner = { promised: nothing, amended: nothing, deliveredPerMille: () => undefined };
  const open = async () => {
    const moves = await MoveBook.open(disk);
    const modules = {
      disk,
      clock,
      learner,
      moves,
      onMove: (move: AgreedMove) => told.push(move),
    };
    return Consent.open({ deviceId: "d-1", key, policy: { penaltyCapMicroMax: 1n, ...policy } }, modules);
  };
  let consent = await open();
  const ask = async (message: Uint8Array, of = release) => {
    const { signature, refusal } = await consent.answer({ requestId: "r", stage: SIGN_STAGE.RELEASE, message });
    if (refusal !== "") return refusal.split(":")[0];
    return verifyZip215(key.publicKey, consentSigningBytes(releaseHash(of)), signature) ? "signed" : "other bytes";
  };
  const restart = async () => {
    disk.crash();
    consent = await open();
  };
  return { disk, clock, told, ask, restart };
}

describe("a device's agreement to move", () => {
  it("is its signature over the release, kept before it goes out, and the same when it is asked again", async () => {
    const { ask, told, restart, disk } = await setUp();
    expect(await ask(parties.offer(device))).toBe("signed");
    await restart();
    expect(await ask(parties.offer(device))).toBe("signed");
    const move = (await MoveBook.open(disk)).agreed();
    expect(move).toEqual({
      fromVnId: "district",
      toVnId: "offices",
      revision: 0,
      deadlineUnixMs: NOW + HOUR_MS,
      token: "token-1",
      enrolmentUrl: "https://offices.example/enrol",
      mqttHost: "offices.example",
    });
    expect(told).toEqual([move, move]);
  });

  it("is refused unless the owner allows moves", async () => {
    const { ask, told } = await setUp({});
    expect(await ask(parties.offer(device))).toBe("moves_refused");
    expect(told).toEqual([]);
  });

  it.each([
    ["is no message", new Uint8Array([1, 2, 3]), "malformed"],
    ["is for another device", parties.offer({ ...device, deviceId: "d-2" }), "foreign_device"],
    ["has a ticket for another key", parties.offer({ ...device, publicKey: other.publicKey }), "foreign_device"],
    ["has a ticket of another device", parties.offer(device, { ticket: { deviceId: "d-2" } }), "foreign_device"],
    ["was not made by the node it names", parties.offer(device, { offerSigner: "offices" }), "wrong_node"],
    ["has a ticket of the losing node", parties.offer(device, { ticketSigner: "district" }), "wrong_node"],
    ["has a ticket for another node", parties.offer(device, { ticket: { vnId: "farm" } }), "wrong_node"],
    ["goes where it is", parties.offer(device, { offer: { toVnId: "district" } }), "malformed"],
    ["names no guidelines", parties.offer(device, { offer: { guidelines: null } }), "malformed"],
    ["leads to plain HTTP", parties.offer(device, { ticket: { enrolmentUrl: "http://a.example" } }), "malformed"],
    ["has a signature of another purpose", parties.offer(device, { isForged: true }), "not_signed"],
    ["comes from a strange authority", parties.offer(device, { issuer: parties.stranger }), "authority_unknown"],
    [
      "leads under a strange authority",
      parties.offer(device, { ticket: { authorityPem: parties.stranger.certificate.pem } }),
      "authority_unknown",
    ],
    [
      "has no certificate in its ticket",
      parties.offer(device, { offer: { ticket: new Uint8Array() } }),
      "authority_unknown",
    ],
    ["is too late", parties.offer({ ...device, deadlineUnixMs: NOW }), "offer_expired"],
  ])("is refused when the offer %s", async (_, message, refusal) => {
    const { ask, told } = await setUp();
    expect(await ask(message)).toBe(refusal);
    expect(told).toEqual([]);
  });

  it("is given to one move at a time, and to another when that is over", async () => {
    const { ask, clock } = await setUp();
    await ask(parties.offer(device));
    const next = { ...release, revision: 2 };
    const later = (deadlineUnixMs: number) => parties.offer({ ...device, deadlineUnixMs }, { offer: { revision: 2 } });
    expect(await ask(later(NOW + HOUR_MS), next)).toBe("other_move");
    await clock.advanceTo(NOW + HOUR_MS);
    expect(await ask(later(NOW + 2 * HOUR_MS), next)).toBe("signed");
  });

  it("is refused while a contract is open, and soon after a move", async () => {
    const { ask, disk, clock, restart } = await setUp();
    const open = { contractId: "c", termsHashHex: "00", startUnixMs: NOW, endUnixMs: NOW + 1 };
    const order = { contractId: "c", startUnixMs: NOW, endUnixMs: NOW + 1 };
    const terms = { ...open, penaltyCapMicro: 0n, order } as unknown as Parameters<ConsentBook["remember"]>[0];
    await (await ConsentBook.open(disk)).remember(terms, undefined, NOW);
    await restart();
    expect(await ask(parties.offer(device))).toBe("contract_open");
    await clock.advanceTo(NOW + 1);
    await (await MoveBook.open(disk)).arrive(NOW);
    await restart();
    const guidelines = { membersMin: 1, membersMax: 9, capacityWMax: 9n, movesMax: 1, gainPerMilleMin: 1 };
    const resting = (dwellMs: bigint) => parties.offer(device, { offer: { guidelines: { ...guidelines, dwellMs } } });
    expect(await ask(resting(2n))).toBe("moved_recently");
    expect(await ask(resting(1n))).toBe("signed");
  });
});
