import { X509Certificate } from "node:crypto";
import { SeededRandom, SimulatedDisk, VirtualClock } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import { settled } from "../../test/engine-log.ts";
import { openEnrolment } from "../../test/enrolment-bench.ts";
import { MeteringDevice, START_UNIX_MS } from "../../test/metering-device.ts";
import { ARRIVALS_MAX } from "./arrivals.ts";
import { validityBy } from "./certificate-validity.ts";
import { ENROLMENTS_WAITING_MAX, RESOURCES_MAX } from "./enrolment.ts";
import { findEnrolmentToken, issueEnrolmentToken, withdrawArrivalTokens } from "./enrolment-token.ts";
import { openAuthority, openServerKey } from "./key-files.ts";

describe("Enrolment", () => {
  it("issues a certificate that is the device's identity for TLS and the ledger", async () => {
    const { enrolment, token, authority, registry } = await openEnrolment();
    const device = new MeteringDevice("meter-1", 1);
    const outcome = await enrolment.enrol(device.enrolmentRequest(await token("meter-1")));
    expect(outcome).toMatchObject({ isEnrolled: true, caPem: authority.certificatePem });
    const certificate = new X509Certificate(registry.find("meter-1")?.certificatePem ?? "");
    expect(certificate.verify(new X509Certificate(authority.certificatePem).publicKey)).toBe(true);
    expect(certificate.subject.split("\n")).toContain("CN=meter-1");
    const spki = certificate.publicKey.export({ format: "der", type: "spki" });
    expect(spki.subarray(-32)).toEqual(Buffer.from(device.key.publicKey));
    const attributes = '{"attrs":{"deviceId":"meter-1","role":"prosumer","vnId":"district"}}';
    expect(certificate.raw.includes(attributes)).toBe(true);
  });

  it("gives a device that asks again the same certificate, over a restart, with the token used up", async () => {
    const disk = new SimulatedDisk(new SeededRandom("disk"));
    const before = await openEnrolment(disk);
    const device = new MeteringDevice("meter-1", 1);
    const token = await before.token("meter-1");
    const request = device.enrolmentRequest(token);
    const first = await before.enrolment.enrol(request);
    expect(await findEnrolmentToken(disk, token)).toBeUndefined();
    expect(await before.enrolment.enrol(request)).toEqual(first);
    disk.crash();
    const after = await openEnrolment(disk);
    expect(await after.enrolment.enrol(device.enrolmentRequest("other"))).toEqual(first);
    expect(after.registry.all()).toEqual(before.registry.all());
    expect(after.registry.find("meter-1")?.resources[0]?.reduceWMax).toBe(500n);
  });

  it("refuses another key for a device that is enrolled, even with a token", async () => {
    const { enrolment, token } = await openEnrolment();
    await enrolment.enrol(new MeteringDevice("meter-1", 1).enrolmentRequest(await token("meter-1")));
    const thief = new MeteringDevice("meter-1", 2);
    const refused = { isEnrolled: false, reason: "enrolled_with_other_key" };
    expect(await enrolment.enrol(thief.enrolmentRequest(await token("meter-1")))).toEqual(refused);
    expect(enrolment.refusals()).toEqual({ enrolled_with_other_key: 1 });
  });

  it("refuses who asks again without proof of possession", async () => {
    const { enrolment, token } = await openEnrolment();
    const request = new MeteringDevice("meter-1", 1).enrolmentRequest(await token("meter-1"));
    await enrolment.enrol(request);
    const unproven = { ...request, proofOfPossession: new Uint8Array(64) };
    expect(await enrolment.enrol(unproven)).toEqual({ isEnrolled: false, reason: "proof_invalid" });
  });

  it("lets a token that outlived a crash serve nobody else", async () => {
    const { enrolment, token, disk } = await openEnrolment();
    const leftOver = await token("meter-1");
    await enrolment.enrol(new MeteringDevice("meter-1", 1).enrolmentRequest(await token("meter-1")));
    expect(await findEnrolmentToken(disk, leftOver)).toEqual({ deviceId: "meter-1", feeder: "feeder-1" });
    const thief = new MeteringDevice("meter-1", 2);
    expect(await enrolment.enrol(thief.enrolmentRequest(leftOver))).toMatchObject({ isEnrolled: false });
  });

  it("takes as many resources as its bound, and refuses one more, none known, or two of a name", async () => {
    const { enrolment, token } = await openEnrolment();
    const resource = { kind: 1 as const, reduceWMax: 1n, reduceWhMax: 0n };
    const many = (count: number) => Array.from({ length: count }, (_, id) => ({ ...resource, resourceId: `r-${id}` }));
    const ask = async (deviceId: string, resources: ReturnType<typeof many>) => {
      const request = new MeteringDevice(deviceId, deviceId.length).enrolmentRequest(await token(deviceId));
      return (await enrolment.enrol({ ...request, resources })) as { reason?: string };
    };
    expect((await ask("m", many(RESOURCES_MAX))).reason).toBeUndefined();
    expect((await ask("mm", many(RESOURCES_MAX + 1))).reason).toBe("resources_invalid");
    expect((await ask("mmm", [{ ...resource, resourceId: "r", kind: 0 as 1 }])).reason).toBe("resources_invalid");
    expect((await ask("mmmm", [...many(1), ...many(1)])).reason).toBe("resources_invalid");
  });

  it("refuses what is no device id, and one device more than a node has room for", async () => {
    const { enrolment, token, registry } = await openEnrolment();
    const request = new MeteringDevice("meter-1", 1).enrolmentRequest(await token("meter-1"));
    expect(await enrolment.enrol({ ...request, deviceId: "Meter 1" })).toMatchObject({ reason: "device_id_invalid" });
    registry.isFull = () => true;
    expect(await enrolment.enrol(request)).toMatchObject({ reason: "registry_full" });
    expect(enrolment.refusals()).toEqual({ device_id_invalid: 1, registry_full: 1 });
  });

  it("keeps as many waiting as its bound, and tells one more to come again", async () => {
    const { enrolment } = await openEnrolment();
    const request = new MeteringDevice("meter-1", 1).enrolmentRequest("none");
    const waiting = Array.from({ length: ENROLMENTS_WAITING_MAX }, () => enrolment.enrol(request));
    expect(await enrolment.enrol(request)).toEqual({ isEnrolled: false, reason: "busy" });
    const outcomes = await Promise.all(waiting);
    expect(outcomes.every((outcome) => !outcome.isEnrolled && outcome.reason === "token_unknown")).toBe(true);
  });

  it("goes on after a disk that was full", async () => {
    const { enrolment, token, disk, registry } = await openEnrolment();
    const request = new MeteringDevice("meter-1", 1).enrolmentRequest(await token("meter-1"));
    (disk as SimulatedDisk).setFault("ENOSPC");
    await expect(enrolment.enrol(request)).rejects.toThrow();
    expect(registry.find("meter-1")).toBeUndefined();
    (disk as SimulatedDisk).setFault(undefined);
    expect(await enrolment.enrol(request)).toMatchObject({ isEnrolled: true });
  });
});

describe("an enrolment token", () => {
  it("is refused for what is no device id or no feeder", async () => {
    const modules = { disk: new SimulatedDisk(new SeededRandom("disk")), random: new SeededRandom("token") };
    await expect(issueEnrolmentToken({ deviceId: "Meter 1", feeder: "f" }, modules)).rejects.toThrow(/device id/);
    await expect(issueEnrolmentToken({ deviceId: "meter-1", feeder: "" }, modules)).rejects.toThrow(/feeder/);
    await expect(issueEnrolmentToken({ deviceId: "meter-1", feeder: "a\\b" }, modules)).rejects.toThrow(/feeder/);
  });

  it("is kept as a hash only", async () => {
    const disk = new SimulatedDisk(new SeededRandom("disk"));
    const token = await issueEnrolmentToken(
      { deviceId: "meter-1", feeder: "f" },
      { disk, random: new SeededRandom("t") },
    );
    const [file] = await disk.list("enrolment/tokens");
    const content = Buffer.from((await disk.read(`enrolment/tokens/${file}`)) ?? []).toString();
    expect(`${file}${content}`).not.toContain(token);
  });

  it("may be used up while others are withdrawn", async () => {
    const disk = new SimulatedDisk(new SeededRandom("disk"));
    const random = new SeededRandom("t");
    const grant = { deviceId: "meter-1", feeder: "f", publicKeyHex: "ab" };
    const token = await issueEnrolmentToken(grant, { disk, random });
    const names = await disk.list("enrolment/tokens");
    const listed = Object.assign(Object.create(disk) as typeof disk, {
      list: async () => ["0".repeat(64), ...names],
      read: (path: string) => disk.read(path),
      remove: (path: string) => disk.remove(path),
    });
    await withdrawArrivalTokens(listed, "meter-1");
    expect(await findEnrolmentToken(disk, token)).toBeUndefined();
  });
});

describe("a device of another node", () => {
  async function arriving() {
    const parts = await openEnrolment();
    const device = new MeteringDevice("meter-1", 1);
    const publicKeyHex = Buffer.from(device.key.publicKey).toString("hex");
    const grant = { deviceId: "meter-1", feeder: "feeder-1", publicKeyHex };
    const token = await issueEnrolmentToken(grant, { disk: parts.disk, random: parts.random });
    const ask = async (by = device) => {
      const outcome = await parts.enrolment.enrol(by.enrolmentRequest(token));
      await settled();
      return outcome.isEnrolled ? "enrolled" : outcome.reason;
    };
    return { ...parts, device, token, ask };
  }

  it("is enrolled when the ledger has it here, and not before", async () => {
    const { ask, outbox, registry } = await arriving();
    outbox.failure = { contractCode: "REGISTRY_DEVICE_EXISTS" };
    expect([await ask(), await ask()]).toEqual(["release_pending", "release_pending"]);
    expect(registry.all()).toEqual([]);
    outbox.failure = undefined;
    expect([await ask(), await ask(), await ask()]).toEqual(["release_pending", "enrolled", "enrolled"]);
    expect(registry.find("meter-1")).toMatchObject({ registration: "registered", release: null });
    expect(outbox.acts).toHaveLength(1);
  });

  it("finds after a crash that the ledger has it here", async () => {
    const { ask, outbox, disk, token, device } = await arriving();
    expect(await ask()).toBe("release_pending");
    disk.crash();
    const after = await openEnrolment(disk);
    for (const { key, transaction, argument } of outbox.acts) await after.outbox.execute(key, transaction, argument);
    const outcomes = [];
    for (let time = 0; time < 2; time++) {
      outcomes.push((await after.enrolment.enrol(device.enrolmentRequest(token))).isEnrolled);
      await settled();
    }
    expect(outcomes).toEqual([false, true]);
    expect(after.outbox.acts).toHaveLength(1);
  });

  it("is refused with another key, when the ledger refuses it, and once its token is withdrawn", async () => {
    const { ask, outbox, disk } = await arriving();
    expect(await ask(new MeteringDevice("meter-1", 2))).toBe("key_not_granted");
    outbox.failure = { contractCode: "REGISTRY_DEVICE_REVOKED" };
    expect([await ask(), await ask()]).toEqual(["release_pending", "ledger_refused"]);
    await withdrawArrivalTokens(disk, "meter-1");
    expect(await ask()).toBe("token_unknown");
  });

  it("may come back to a node that it has left, by a new token", async () => {
    const { ask, registry } = await arriving();
    await ask();
    await ask();
    const release = { toVnId: "offices", consentSignatureHex: "ab".repeat(64), isOnLedger: true, isReclaimed: false };
    await registry.change("meter-1", { release: { ...release, isGone: false } });
    expect(await ask()).toBe("released");
    await registry.change("meter-1", { release: { ...release, isGone: true } });
    expect(await ask()).toBe("released");
  });

  it("waits when as many as may are on their way", async () => {
    const { outbox, disk, random, enrolment } = await arriving();
    outbox.execute = () => new Promise(() => undefined);
    const reasons: string[] = [];
    for (let index = 0; index <= ARRIVALS_MAX; index++) {
      const device = new MeteringDevice(`d-${index}`, 1);
      const publicKeyHex = Buffer.from(device.key.publicKey).toString("hex");
      const grant = { deviceId: device.deviceId, feeder: "f", publicKeyHex };
      const outcome = await enrolment.enrol(
        device.enrolmentRequest(await issueEnrolmentToken(grant, { disk, random })),
      );
      reasons.push(outcome.isEnrolled ? "enrolled" : outcome.reason);
    }
    expect(new Set(reasons.slice(0, ARRIVALS_MAX))).toEqual(new Set(["release_pending"]));
    expect(reasons.at(-1)).toBe("busy");
  });

  it("does not wait for others that never came for their answer", async () => {
    const { outbox, disk, random, enrolment, arrivals } = await arriving();
    const askFirst = async (index: number) => {
      const device = new MeteringDevice(`d-${index}`, 1);
      const publicKeyHex = Buffer.from(device.key.publicKey).toString("hex");
      const token = await issueEnrolmentToken(
        { deviceId: device.deviceId, feeder: "f", publicKeyHex },
        { disk, random },
      );
      const request = device.enrolmentRequest(token);
      await enrolment.enrol(request);
      await settled();
      return request;
    };
    outbox.failure = { contractCode: "REGISTRY_DEVICE_REVOKED" };
    const first = await askFirst(0);
    outbox.failure = undefined;
    for (let index = 1; index < ARRIVALS_MAX; index++) await askFirst(index);
    const late = await askFirst(ARRIVALS_MAX);
    expect(arrivals.size()).toBe(ARRIVALS_MAX);
    expect(await enrolment.enrol(late)).toMatchObject({ isEnrolled: true });
    // The one that made room is answered anew.
    expect(await enrolment.enrol(first)).toMatchObject({ reason: "release_pending" });
  });
});

describe("keys on disk", () => {
  it("are made once, found again, and hold by every clock", async () => {
    const disk = new SimulatedDisk(new SeededRandom("disk"));
    const [market, machine] = [
      new VirtualClock(START_UNIX_MS),
      new VirtualClock(START_UNIX_MS + 10 * 365 * 86_400_000),
    ];
    const modules = { disk, random: new SeededRandom("keys"), clock: market };
    const validity = validityBy(market, machine);
    const authority = await openAuthority({ mspId: "VnMSP", validity }, modules);
    const options = { authority, vnId: "district", serverNames: ["localhost"], validity };
    const server = await openServerKey(options, modules);
    expect((await openAuthority({ mspId: "VnMSP", validity }, modules)).certificatePem).toBe(authority.certificatePem);
    expect((await openServerKey(options, modules)).certificatePem).toBe(server.certificatePem);
    const certificate = new X509Certificate(server.certificatePem);
    expect(certificate.subjectAltName).toBe("DNS:localhost");
    for (const clock of [market, machine]) {
      expect(certificate.validFromDate.getTime()).toBeLessThan(clock.nowUnixMs());
      expect(certificate.validToDate.getTime()).toBeGreaterThan(clock.nowUnixMs());
    }
  });
});
