/**
 * Writes the golden vectors beside this file, or with `--check` fails when they are not what it would write:
 * `node proto/vectors/generate.ts [--check]`. TypeScript and Rust tests read them. Hashes, trees, checksums and
 * signatures are made here from their definitions, not by the code under test.
 */
import { createHash, createPrivateKey, createPublicKey, sign } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ed25519 } from "@noble/curves/ed25519.js";
import { type EnvelopePayload, encode, QUALITY } from "../src/index.ts";

const DAY_UNIX_MS = 1_453_939_200_000n;
const ENVELOPE_DOMAIN = "gridpact.reading.v1.EnvelopePayload\0";

/** Every file with its content, by name. */
export function vectorFiles(): Map<string, string> {
  const contents = {
    envelopes: envelopes(),
    signatures: signatures(),
    merkle: merkle(),
    wal: walRecords(),
    moves: moves(),
  };
  return new Map(
    Object.entries(contents).map(([name, content]) => [`${name}.json`, `${JSON.stringify(content, undefined, 1)}\n`]),
  );
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const sha256 = (...parts: Uint8Array[]) => createHash("sha256").update(Buffer.concat(parts)).digest();
const seedOf = (label: string) => sha256(Buffer.from(`gridpact vector: ${label}`));

/** A device's chain: first envelope, next one, one after a gap, one of a new boot epoch, one with extreme values. */
function envelopes() {
  const key = keyPair(seedOf("device"));
  const names = ["first", "next", "after a gap", "new boot epoch", "largest values"];
  let previous: Uint8Array = new Uint8Array(32);
  return names.map((name, index) => {
    const payload = encode("EnvelopePayload", payloadOf(index, previous));
    const signingBytes = Buffer.concat([Buffer.from(ENVELOPE_DOMAIN), payload]);
    const signature = sign(null, signingBytes, key.privateKey);
    previous = sha256(signingBytes);
    const { readings, ...head } = payloadOf(index, previous);
    return {
      name,
      publicKeyHex: hex(key.publicKey),
      deviceId: head.deviceId,
      bootEpoch: head.bootEpoch,
      firstSeq: head.firstSeq.toString(),
      readings: readings.map(({ quality: _, ...numbers }) =>
        Object.fromEntries(Object.entries(numbers).map(([field, value]) => [field, value.toString()])),
      ),
      payloadHex: hex(payload),
      signingBytesSha256Hex: hex(sha256(signingBytes)),
      signatureHex: hex(signature),
      leafHashHex: hex(sha256(Uint8Array.of(0), signature, payload)),
      envelopeHashHex: hex(previous),
      signedEnvelopeHex: hex(encode("SignedEnvelope", { payload, signature })),
    };
  });
}

/** A ticket, the offer that carries it, and the release that the device signs for it. */
function moves() {
  const device = keyPair(seedOf("device"));
  const [from, to] = [keyPair(seedOf("node district")), keyPair(seedOf("node offices"))];
  const certificatePem = "-----BEGIN CERTIFICATE-----\n";
  const ticket = {
    deviceId: "feid-1",
    publicKey: device.publicKey,
    vnId: "offices",
    token: "token-1",
    enrolmentUrl: "https://offices.example:8884/enrol",
    mqttHost: "offices.example",
    authorityPem: certificatePem,
  };
  const ticketPayload = encode("MoveTicket", ticket);
  const ticketSigned = Buffer.concat([Buffer.from("gridpact.control.v1.MoveTicket\0"), ticketPayload]);
  const ticketSignature = sign(null, ticketSigned, to.privateKey);
  const statement = encode("NodeStatement", { payload: ticketPayload, signature: ticketSignature, certificatePem });
  const offer = {
    deviceId: "feid-1",
    fromVnId: "district",
    toVnId: "offices",
    revision: 3,
    guidelines: {
      membersMin: 3,
      membersMax: 256,
      capacityWMax: 630_000n,
      movesMax: 4,
      dwellMs: 1_209_600_000n,
      gainPerMilleMin: 20,
    },
    deadlineUnixMs: DAY_UNIX_MS,
    ticket: statement,
  };
  const offerPayload = encode("MoveOffer", offer);
  const offerSigned = Buffer.concat([Buffer.from("gridpact.control.v1.MoveOffer\0"), offerPayload]);
  const releaseText = '{"deviceId":"feid-1","fromVnId":"district","revision":3,"toVnId":"offices"}';
  const releaseSha256 = sha256(Buffer.from(releaseText));
  const consent = Buffer.concat([Buffer.from("gridpact.control.v1.Consent\0"), releaseSha256]);
  return {
    ticketPayloadHex: hex(ticketPayload),
    ticketPublicKeyHex: hex(to.publicKey),
    ticketSignatureHex: hex(ticketSignature),
    offerPayloadHex: hex(offerPayload),
    offerPublicKeyHex: hex(from.publicKey),
    offerSignatureHex: hex(sign(null, offerSigned, from.privateKey)),
    releaseHashHex: hex(releaseSha256),
    devicePublicKeyHex: hex(device.publicKey),
    consentSignatureHex: hex(sign(null, consent, device.privateKey)),
  };
}

function payloadOf(index: number, previousEnvelopeHash: Uint8Array): EnvelopePayload {
  const firstSeq = [0n, 2n, 8n, 0n, 2n ** 53n - 3n][index] ?? 0n;
  const isLargest = index === 4;
  const largest = 2n ** 48n - 1n;
  const readings = [0n, 1n].map((step) => ({
    measuredAtUnixMs: isLargest ? 2n ** 53n - 2n + step : DAY_UNIX_MS + (BigInt(index) * 2n + step) * 900_000n,
    powerW: isLargest ? (step === 0n ? largest : -largest) : 1_500n - 3_000n * step,
    importWh: isLargest ? largest : 1_000n + BigInt(index) * 100n + step * 25n,
    exportWh: isLargest ? largest : step * 40n + BigInt(index) * 50n,
    quality: step === 0n ? QUALITY.MEASURED : QUALITY.ESTIMATED,
  }));
  return { deviceId: "home-1", bootEpoch: index < 3 ? 1 : index - 1, firstSeq, previousEnvelopeHash, readings };
}

type SignatureCase = {
  name: string;
  publicKey: Uint8Array;
  message: Uint8Array;
  signature: Uint8Array;
  /** Known by construction; no library was asked. */
  isValidZip215: boolean;
};

/** Signatures with their verdict under ZIP-215. */
function signatures() {
  const cases = [...plainCases(), ...smallOrderCases(), ...torsionCases()];
  return cases.map(({ name, publicKey, message, signature, isValidZip215 }) => ({
    name,
    publicKeyHex: hex(publicKey),
    messageHex: hex(message),
    signatureHex: hex(signature),
    isValidZip215,
  }));
}

const ORDER = ed25519.Point.Fn.ORDER;
const FIELD = ed25519.Point.Fp.ORDER;
const message = Buffer.from("gridpact signature vector");

function plainCases(): SignatureCase[] {
  const { publicKey, privateKey } = keyPair(seedOf("signer"));
  const signature = new Uint8Array(sign(null, message, privateKey));
  const changed = (at: number) => signature.map((byte, index) => (index === at ? byte ^ 1 : byte));
  const response = littleEndian(signature.subarray(32)) + ORDER;
  const unreduced = Buffer.concat([signature.subarray(0, 32), toLittleEndian(response)]);
  const notAPoint = toLittleEndian(7n);
  const valid = { name: "valid", publicKey, message, signature, isValidZip215: true };
  return [
    valid,
    { ...valid, name: "changed R", signature: changed(0), isValidZip215: false },
    { ...valid, name: "changed s", signature: changed(32), isValidZip215: false },
    { ...valid, name: "other message", message: Buffer.from("another message"), isValidZip215: false },
    { ...valid, name: "s not reduced", signature: unreduced, isValidZip215: false },
    { ...valid, name: "key is no point", publicKey: notAPoint, isValidZip215: false },
  ];
}

/** Every encoding of every point of small order as key and as R: with s = 0 valid for any message, else for none. */
function smallOrderCases(): SignatureCase[] {
  const encodings = smallOrderEncodings();
  return encodings.flatMap((publicKey, key) =>
    encodings.map((commitment, at) => ({
      name: `small order: key ${key}, R ${at}, s ${at === key ? 1 : 0}`,
      publicKey,
      message,
      signature: Buffer.concat([commitment, toLittleEndian(at === key ? 1n : 0n)]),
      isValidZip215: at !== key,
    })),
  );
}

function smallOrderEncodings(): Uint8Array[] {
  const canonical = torsionPoints().map((point) => point.toBytes());
  // y = 0 and y = 1 have a second encoding below 2^255, and x = 0 a second sign.
  const extra = [toLittleEndian(FIELD), toLittleEndian(FIELD + 1n), withSign(toLittleEndian(1n))];
  return [...canonical, ...extra, withSign(toLittleEndian(FIELD)), withSign(toLittleEndian(FIELD + 1n))];
}

/**
 * Keys and R with a torsion component: the equation holds after multiplication by the cofactor, and mostly only then.
 * Those with the same component are of another message.
 */
function torsionCases(): SignatureCase[] {
  const torsion = torsionPoints();
  return torsion.flatMap((keyTorsion, keyIndex) =>
    torsion.map((commitmentTorsion, commitmentIndex) => {
      const label = `torsion: key ${keyIndex}, R ${commitmentIndex}`;
      const secret = (littleEndian(seedOf(`${label} secret`)) % (ORDER - 1n)) + 1n;
      const nonce = (littleEndian(seedOf(`${label} nonce`)) % (ORDER - 1n)) + 1n;
      const publicKey = ed25519.Point.BASE.multiply(secret).add(keyTorsion).toBytes();
      const commitment = ed25519.Point.BASE.multiply(nonce).add(commitmentTorsion).toBytes();
      const digest = createHash("sha512").update(commitment).update(publicKey).update(message).digest();
      const response = (nonce + (littleEndian(digest) % ORDER) * secret) % ORDER;
      const isValidZip215 = keyIndex !== commitmentIndex;
      return {
        name: label,
        publicKey,
        message: isValidZip215 ? message : Buffer.from("another message"),
        signature: Buffer.concat([commitment, toLittleEndian(response)]),
        isValidZip215,
      };
    }),
  );
}

/** The eight points of small order: multiples of one of order 8. */
function torsionPoints() {
  const generator = ed25519.Point.fromHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05");
  let point = ed25519.Point.ZERO;
  return Array.from({ length: 8 }, () => {
    const current = point;
    point = point.add(generator);
    return current;
  });
}

/** Trees of several sizes with the path of every leaf. [RFC6962 s.2.1] */
function merkle() {
  const leaves = Array.from({ length: 20 }, (_, index) => sha256(Uint8Array.of(0), seedOf(`leaf ${index}`)));
  const sizes = [0, 1, 2, 3, 4, 5, 7, 8, 9, 16, 20];
  const trees = sizes.map((size) => ({
    size,
    rootHex: hex(treeHash(leaves.slice(0, size))),
    pathsHex: leaves.slice(0, size).map((_, index) => auditPath(index, leaves.slice(0, size)).map(hex)),
  }));
  return { leafHashesHex: leaves.map(hex), trees };
}

/** MTH of the RFC, by its recursive definition. */
function treeHash(leaves: Uint8Array[]): Uint8Array {
  const [only] = leaves;
  if (only === undefined) return sha256();
  if (leaves.length === 1) return only;
  const split = splitOf(leaves.length);
  return sha256(Uint8Array.of(1), treeHash(leaves.slice(0, split)), treeHash(leaves.slice(split)));
}

/** PATH of the RFC, by its recursive definition. [RFC6962 s.2.1.1] */
function auditPath(index: number, leaves: Uint8Array[]): Uint8Array[] {
  if (leaves.length === 1) return [];
  const split = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split
    ? [...auditPath(index, left), treeHash(right)]
    : [...auditPath(index - split, right), treeHash(left)];
}

/** Largest power of two smaller than `size`. */
function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

/** Records of the write-ahead log as both engines write them: accepted, rejected, and rejected beyond 4 KiB. */
function walRecords() {
  const [first] = envelopes();
  const accepted = Buffer.from(first?.signedEnvelopeHex ?? "", "hex");
  const entries = [
    { seq: 0n, groupFirstSeq: 0n, verdict: 0, bytes: accepted },
    { seq: 1n, groupFirstSeq: 0n, verdict: 5, bytes: accepted },
    { seq: 2n, groupFirstSeq: 2n, verdict: 1, bytes: Buffer.alloc(5_000, 0xa5) },
  ];
  return entries.map(({ seq, groupFirstSeq, verdict, bytes }) => {
    const entry = { verdict, receivedAtUnixMs: Number(DAY_UNIX_MS), deviceId: "home-1" };
    const record = walRecord({ seq, groupFirstSeq, ...entry, bytes: verdict === 0 ? bytes : bytes.subarray(0, 4_096) });
    return {
      seq: Number(seq),
      groupFirstSeq: Number(groupFirstSeq),
      ...entry,
      bytesHex: hex(bytes),
      recordHex: hex(record),
    };
  });
}

function walRecord(entry: {
  seq: bigint;
  groupFirstSeq: bigint;
  verdict: number;
  receivedAtUnixMs: number;
  deviceId: string;
  bytes: Uint8Array;
}): Uint8Array {
  const head = Buffer.alloc(10);
  head.writeUInt8(entry.verdict, 0);
  head.writeBigUInt64LE(BigInt(entry.receivedAtUnixMs), 1);
  head.writeUInt8(entry.deviceId.length, 9);
  const payload = Buffer.concat([head, Buffer.from(entry.deviceId), entry.bytes]);
  const numbers = Buffer.alloc(16);
  numbers.writeBigUInt64LE(entry.seq, 0);
  numbers.writeBigUInt64LE(entry.groupFirstSeq, 8);
  const frame = Buffer.alloc(8);
  frame.writeUInt32LE(payload.length, 0);
  frame.writeUInt32LE(crc32c(Buffer.concat([numbers, payload])), 4);
  return Buffer.concat([frame, numbers, payload]);
}

/** Bit by bit, as the polynomial is defined. [RFC3720 B.4] */
function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

function keyPair(seed: Uint8Array) {
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
  const privateKey = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const spki = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  return { privateKey, publicKey: new Uint8Array(spki.subarray(-32)) };
}

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${hex(Uint8Array.from(bytes).reverse())}`);
}

function toLittleEndian(value: bigint): Uint8Array {
  return Uint8Array.from(Buffer.from(value.toString(16).padStart(64, "0"), "hex")).reverse();
}

function withSign(encoding: Uint8Array): Uint8Array {
  return encoding.map((byte, index) => (index === 31 ? byte | 0x80 : byte));
}

function main(): void {
  for (const [name, content] of vectorFiles()) {
    const path = fileURLToPath(new URL(name, import.meta.url));
    if (!process.argv.includes("--check")) writeFileSync(path, content);
    else if (readFileSync(path, "utf8") !== content) throw new Error(`${name} is stale: run proto/vectors/generate.ts`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
