import { type DerElement, derObjectId, readDer } from "../src/wire/index.ts";
import { subjectText } from "./distinguished-name.ts";
import { type PublicKey, readPublicKey } from "./public-key.ts";
import { verify } from "./signatures.ts";

/**
 * A certificate, with as much of `X509Certificate` as verification asks for. Where OpenSSL is lenient this may be
 * stricter, never the other way about. [RFC5280 s.4]
 */
export class X509Certificate {
  readonly raw: Uint8Array;
  readonly publicKey: PublicKey;
  readonly subject: string;
  readonly validFromDate: Date;
  readonly validToDate: Date;
  readonly #toBeSigned: Uint8Array;
  readonly #algorithm: Uint8Array;
  readonly #signature: Uint8Array;
  readonly #issuerDer: Uint8Array;
  readonly #subjectDer: Uint8Array;
  readonly #extensions: ReadonlyMap<string, Uint8Array>;

  /** @throws Error when the text holds no certificate */
  constructor(pem: string) {
    this.raw = bytesOfPem(pem);
    const [toBeSigned, algorithm, signature] = signedParts(this.raw);
    const fields = readDer(toBeSigned.contents);
    // The version is the only field before the subject that may be missing.
    const [, innerAlgorithm, issuer, validity, subject, publicKey] = fields.slice(fields[0]?.tag === VERSION ? 1 : 0);
    if (!Buffer.from(algorithm.bytes).equals(required(innerAlgorithm).bytes)) {
      throw new RangeError("two signature algorithms");
    }
    this.#toBeSigned = toBeSigned.bytes;
    this.#algorithm = algorithm.bytes;
    this.#signature = signature.contents.subarray(1);
    this.#issuerDer = required(issuer).bytes;
    this.#subjectDer = required(subject).bytes;
    this.#extensions = extensionsOf(fields.find(({ tag }) => tag === EXTENSIONS));
    this.subject = subjectText(this.#subjectDer);
    this.publicKey = readPublicKey(required(publicKey).bytes);
    const [notBefore, notAfter] = readDer(required(validity).contents);
    this.validFromDate = dateOf(required(notBefore));
    this.validToDate = dateOf(required(notAfter));
  }

  /** Whether it may issue others. */
  get ca(): boolean {
    const constraints = this.#extensions.get(BASIC_CONSTRAINTS);
    const isAuthority =
      constraints !== undefined && readDer(readDer(constraints)[0]?.contents ?? NO_BYTES)[0]?.tag === 1;
    return isAuthority && this.#maySign();
  }

  /** Whether names, key ids and key usage fit; the signature is for `verify` to check. */
  checkIssued(issuer: X509Certificate): boolean {
    const isNamed = Buffer.from(this.#issuerDer).equals(issuer.#subjectDer);
    const ownerId = issuer.#extensions.get(SUBJECT_KEY_ID);
    const namedId = keyIdIn(this.#extensions.get(AUTHORITY_KEY_ID));
    const subjectId = ownerId && readDer(ownerId)[0]?.contents;
    const isKey = subjectId === undefined || namedId === undefined || Buffer.from(subjectId).equals(namedId);
    return isNamed && isKey && issuer.#maySign();
  }

  verify(key: PublicKey): boolean {
    const [algorithm] = readDer(readDer(this.#algorithm)[0]?.contents ?? NO_BYTES);
    const id = Buffer.from(algorithm?.bytes ?? NO_BYTES);
    if (id.equals(ED25519)) return verify(null, this.#toBeSigned, key, this.#signature);
    return id.equals(ECDSA_WITH_SHA256) && verify("sha256", this.#toBeSigned, key, this.#signature);
  }

  /** Without the extension a key is good for everything. [RFC5280 s.4.2.1.3] */
  #maySign(): boolean {
    const usage = this.#extensions.get(KEY_USAGE);
    if (usage === undefined) return true;
    // A bit string: how many bits do not count, then the bits, of which the sixth is keyCertSign.
    const bits = readDer(usage)[0]?.contents[1] ?? 0;
    return (bits & KEY_CERT_SIGN) !== 0;
  }
}

const SEQUENCE = 0x30;
const BIT_STRING = 0x03;
const VERSION = 0xa0;
const EXTENSIONS = 0xa3;
const KEY_IDENTIFIER = 0x80;
const UTC_TIME = 0x17;
const KEY_CERT_SIGN = 0b0000_0100;
const NO_BYTES = new Uint8Array();

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

const BASIC_CONSTRAINTS = hexOf(derObjectId("2.5.29.19"));
const KEY_USAGE = hexOf(derObjectId("2.5.29.15"));
const SUBJECT_KEY_ID = hexOf(derObjectId("2.5.29.14"));
const AUTHORITY_KEY_ID = hexOf(derObjectId("2.5.29.35"));
const ED25519 = Buffer.from(derObjectId("1.3.101.112"));
const ECDSA_WITH_SHA256 = Buffer.from(derObjectId("1.2.840.10045.4.3.2"));

const PEM = /-----BEGIN (?:X509 )?CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END (?:X509 )?CERTIFICATE-----/;

function bytesOfPem(pem: string): Uint8Array {
  const body = PEM.exec(pem)?.[1];
  if (body === undefined) throw new TypeError("no certificate in PEM");
  return Buffer.from(body.replace(/\s/g, ""), "base64");
}

/** What is signed, how, and the signature, which covers nothing of what stands around it: all that is checked. */
function signedParts(raw: Uint8Array): [DerElement, DerElement, DerElement] {
  const [whole, ...behind] = readDer(raw);
  const [toBeSigned, algorithm, signature, ...more] = readDer(required(whole).contents);
  const tags = [whole, toBeSigned, algorithm, signature].map((each) => each?.tag);
  const isForm = tags.join() === [SEQUENCE, SEQUENCE, SEQUENCE, BIT_STRING].join();
  const isWhole = signature?.contents[0] === 0 && behind.length === 0 && more.length === 0;
  if (!isForm || !isWhole) throw new RangeError("not the form of a certificate");
  return [required(toBeSigned), required(algorithm), required(signature)];
}

/** Contents by object id (hex of its DER); of two of one kind the first. */
function extensionsOf(field: DerElement | undefined): Map<string, Uint8Array> {
  const list = field === undefined ? [] : readDer(readDer(field.contents)[0]?.contents ?? NO_BYTES);
  const pairs = list.map(({ contents }): [string, Uint8Array] => {
    const [id, ...rest] = readDer(contents);
    return [hexOf(required(id).bytes), required(rest.at(-1)).contents];
  });
  return new Map(pairs.reverse());
}

/** The key identifier of an AuthorityKeyIdentifier, if it names one. [RFC5280 s.4.2.1.1] */
function keyIdIn(extension: Uint8Array | undefined): Uint8Array | undefined {
  const parts = extension === undefined ? [] : readDer(readDer(extension)[0]?.contents ?? NO_BYTES);
  return parts.find(({ tag }) => tag === KEY_IDENTIFIER)?.contents;
}

/** `YYMMDDhhmmssZ` or `YYYYMMDDhhmmssZ`. [RFC5280 s.4.1.2.5] */
function dateOf({ tag, contents }: DerElement): Date {
  const text = Buffer.from(contents).toString("latin1");
  const digits = tag === UTC_TIME ? `${Number(text.slice(0, 2)) < 50 ? "20" : "19"}${text}` : text;
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(digits);
  if (parts === null) throw new RangeError("no time of a certificate");
  const [, year, month, day, hour, minute, second] = parts;
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

function required<T>(part: T | undefined): T {
  if (part === undefined) throw new RangeError("a part of the certificate is missing");
  return part;
}
