import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";

/** An X.509 identity of an organisation, as a Fabric certificate authority would issue it. */
export type Identity = { readonly mspId: string; readonly certificatePem: string };

/** The Ed25519 private key of a name: the same in every run. */
export function privateKeyOf(name: string): KeyObject {
  const seed = createHash("sha256").update(name).digest();
  return createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: "der", type: "pkcs8" });
}

/** Raw Ed25519 public key, 32 bytes. */
export function publicKeyOf(privateKey: KeyObject): Uint8Array {
  return createPublicKey(privateKey).export({ format: "der", type: "spki" }).subarray(-32);
}

/**
 * Issues a certificate with the attribute extension of Fabric CA, written in DER by hand: Node can read certificates
 * but not make them, and the contracts need no more than this.
 */
export function issueIdentity(subject: {
  mspId: string;
  commonName: string;
  attributes: Record<string, string>;
  publicKey: KeyObject;
}): Identity {
  const issuerKey = privateKeyOf(`authority of ${subject.mspId}`);
  const signed = sequence(
    tlv(0xa0, integer(2)),
    integer(1),
    ED25519,
    commonName(`ca.${subject.mspId}`),
    sequence(tlv(0x17, Buffer.from("160101000000Z")), tlv(0x17, Buffer.from("360101000000Z"))),
    commonName(subject.commonName),
    subject.publicKey.export({ format: "der", type: "spki" }),
    tlv(
      0xa3,
      sequence(sequence(ATTRIBUTES_OID, tlv(0x04, Buffer.from(JSON.stringify({ attrs: subject.attributes }))))),
    ),
  );
  const signature = tlv(0x03, Buffer.from([0]), sign(null, signed, issuerKey));
  const lines =
    sequence(signed, ED25519, signature)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  const certificatePem = ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
  return { mspId: subject.mspId, certificatePem };
}

/** PKCS #8 header of an Ed25519 seed. [RFC8410 s.7] */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

const COMMON_NAME_OID = tlv(0x06, Buffer.from("550403", "hex"));
/** 1.2.3.4.5.6.7.8.1, where Fabric CA keeps attributes. */
const ATTRIBUTES_OID = tlv(0x06, Buffer.from("2a03040506070801", "hex"));
const ED25519 = sequence(tlv(0x06, Buffer.from("2b6570", "hex")));

function tlv(tag: number, ...contents: Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  if (length < 0x100) return Buffer.from([0x81, length]);
  return Buffer.from([0x82, length >> 8, length & 0xff]);
}

function sequence(...contents: Uint8Array[]): Buffer {
  return tlv(0x30, ...contents);
}

function integer(value: number): Buffer {
  return tlv(0x02, Buffer.from([value]));
}

function commonName(name: string): Buffer {
  return sequence(tlv(0x31, sequence(COMMON_NAME_OID, tlv(0x0c, Buffer.from(name)))));
}
