import { statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeDisk, SeededRandom, SimulatedDisk, signingKeyFromSeed } from "@gridpact/host";
import { decode, enrolmentSigningBytes, RESOURCE_KIND, verifyZip215 } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { makeAuthority } from "../../test/certificates.ts";
import { openDeviceKey, privateKeyPem } from "./device-key.ts";
import { enrol } from "./enrolment.ts";
import type { Post } from "./https-post.ts";

const random = new SeededRandom("enrol");
const key = signingKeyFromSeed(random.bytes(32));
const otherKey = signingKeyFromSeed(random.bytes(32));
const authority = makeAuthority(signingKeyFromSeed(random.bytes(32)));
const stranger = makeAuthority(signingKeyFromSeed(random.bytes(32)));
const caPem = authority.certificate.pem;
const certificatePem = authority.issue("d-1", key.publicKey);
const membership = { certificatePem, caPem, mqttPort: 8_883 };
const options = {
  deviceId: "d-1",
  url: "https://127.0.0.1:1/enrol",
  token: "secret",
  resources: [{ resourceId: "battery", kind: RESOURCE_KIND.BATTERY, reduceWMax: 5_000n, reduceWhMax: 6_000n }],
};

function setUp(answer: { status: number; body: string } | Error) {
  const disk = new SimulatedDisk(new SeededRandom("disk"));
  const posted: Uint8Array[] = [];
  const post: Post = async (_url, body) => {
    posted.push(body);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { disk, posted, run: () => enrol(options, { disk, key, post }) };
}

const ok = (body: unknown) => ({ status: 200, body: JSON.stringify(body) });

describe("enrol", () => {
  it("proves its key, tells its resources, and keeps the certificate over a restart without asking again", async () => {
    const { disk, posted, run } = setUp(ok(membership));
    expect(await run()).toEqual(membership);
    disk.crash();
    expect(await run()).toEqual(membership);
    expect(posted).toHaveLength(1);
    const request = decode("EnrolmentRequest", posted[0] ?? new Uint8Array());
    expect(request).toMatchObject({ deviceId: "d-1", token: "secret", resources: options.resources });
    expect(verifyZip215(key.publicKey, enrolmentSigningBytes(request), request.proofOfPossession)).toBe(true);
  });

  it.each([
    ["is no JSON", { status: 200, body: "<html>" }],
    ["has no certificate", ok({ caPem, mqttPort: 1 })],
    ["has no port", ok({ ...membership, mqttPort: "8883" })],
    ["has a port that is none", ok({ ...membership, mqttPort: 65_536 })],
    ["is no certificate", ok({ ...membership, certificatePem: "x" })],
    ["names another device", ok({ ...membership, certificatePem: authority.issue("d-2", key.publicKey) })],
    ["holds another key", ok({ ...membership, certificatePem: authority.issue("d-1", otherKey.publicKey) })],
    ["comes from another authority", ok({ ...membership, certificatePem: stranger.issue("d-1", key.publicKey) })],
  ])("refuses an answer that %s, and keeps nothing of it", async (_name, answer) => {
    const { disk, run } = setUp(answer);
    await expect(run()).rejects.toMatchObject({ code: "ENROLMENT_ANSWER_INVALID", deviceId: "d-1" });
    expect(await disk.list("")).toEqual([]);
  });

  it("says why the virtual node refused, and whether it was reached at all", async () => {
    const refused = setUp({ status: 403, body: JSON.stringify({ code: "token_unknown" }) });
    await expect(refused.run()).rejects.toMatchObject({ code: "ENROLMENT_REFUSED", reason: "token_unknown" });
    const bare = setUp({ status: 502, body: "" });
    await expect(bare.run()).rejects.toMatchObject({ code: "ENROLMENT_REFUSED", reason: "status 502" });
    const lost = setUp(new Error("ECONNREFUSED"));
    await expect(lost.run()).rejects.toMatchObject({ code: "ENROLMENT_UNREACHABLE" });
  });
});

describe("openDeviceKey", () => {
  it("makes a key once, in a file for its owner only, and finds it again", async () => {
    const root = await mkdtemp(join(tmpdir(), "gridpact-key-"));
    try {
      const made = await openDeviceKey(nodeDisk(root), random);
      const found = await openDeviceKey(nodeDisk(root), random);
      expect(Buffer.from(found.publicKey)).toEqual(Buffer.from(made.publicKey));
      expect(found.sign(Buffer.from("x"))).toEqual(made.sign(Buffer.from("x")));
      expect(statSync(join(root, "device-key.pem")).mode & 0o777).toBe(0o600);
      expect(privateKeyPem(found)).toContain("BEGIN PRIVATE KEY");
    } finally {
      await rm(root, { recursive: true });
    }
  });
});
