import { type KeyObject, X509Certificate } from "node:crypto";
import { derObjectId, readDer } from "../wire/index.ts";

/** What this system reads from a certificate. Nothing here says that the certificate is to be trusted. */
export type Certificate = {
  commonName: string;
  organisation: string;
  organisationalUnit: string;
  publicKey: KeyObject;
  /** Attributes of the Fabric CA's extension; empty when there is none. */
  attributes: Record<string, string>;
  notBeforeUnixMs: number;
  notAfterUnixMs: number;
  isAuthority: boolean;
  subjectDer: Uint8Array;
  x509: X509Certificate;
};

/** The bytes are not a certificate that this system can read. */
export class CertificateError extends Error {
  readonly code = "CERTIFICATE_UNREADABLE";

  constructor(cause: unknown) {
    super("not a readable X.509 certificate", { cause });
    this.name = "CertificateError";
  }
}

/**
 * Reads one certificate in PEM.
 * @throws CertificateError when it is none, or its attribute extension is not the JSON it should be.
 */
export function readCertificate(pem: string): Certificate {
  try {
    const x509 = new X509Certificate(pem);
    const { subjectDer, extensions } = tbsFields(x509.raw);
    const subject = subjectFields(x509.subject);
    return {
      commonName: subject.get("CN") ?? "",
      organisation: subject.get("O") ?? "",
      organisationalUnit: subject.get("OU") ?? "",
      publicKey: x509.publicKey,
      attributes: attributesOf(extensions),
      notBeforeUnixMs: x509.validFromDate.getTime(),
      notAfterUnixMs: x509.validToDate.getTime(),
      isAuthority: x509.ca,
      subjectDer,
      x509,
    };
  } catch (cause) {
    throw new CertificateError(cause);
  }
}

const FABRIC_ATTRIBUTES_ID = Buffer.from(derObjectId("1.2.3.4.5.6.7.8.1"));
const CONTEXT_VERSION = 0xa0;
const CONTEXT_EXTENSIONS = 0xa3;

/** Subject and extensions of a certificate; node:crypto shows neither as bytes. [RFC5280 s.4.1] */
function tbsFields(der: Uint8Array): { subjectDer: Uint8Array; extensions: Uint8Array } {
  const [certificate] = readDer(der);
  const [toBeSigned] = readDer(certificate?.contents ?? der);
  const fields = readDer(toBeSigned?.contents ?? der);
  // The version is the only field before the subject that may be missing.
  const subjectIndex = fields[0]?.tag === CONTEXT_VERSION ? 5 : 4;
  const subject = fields[subjectIndex];
  if (subject === undefined) throw new RangeError("a certificate without subject");
  const extensions = fields.find((field) => field.tag === CONTEXT_EXTENSIONS);
  return { subjectDer: subject.bytes, extensions: extensions?.contents ?? new Uint8Array() };
}

/** The first extension of that kind counts, as for fabric-shim, which tells contracts who calls. */
function attributesOf(extensions: Uint8Array): Record<string, string> {
  for (const { contents } of readDer(readDer(extensions)[0]?.contents ?? new Uint8Array())) {
    const [id, ...rest] = readDer(contents);
    if (id === undefined || !FABRIC_ATTRIBUTES_ID.equals(id.bytes)) continue;
    return parseAttributes(rest.at(-1)?.contents ?? new Uint8Array());
  }
  return {};
}

function parseAttributes(bytes: Uint8Array): Record<string, string> {
  const { attrs } = JSON.parse(Buffer.from(bytes).toString()) as { attrs?: unknown };
  if (typeof attrs !== "object" || attrs === null) throw new TypeError("the attribute extension has no attrs");
  const entries = Object.entries(attrs).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return Object.fromEntries(entries);
}

/** node:crypto writes one `KEY=value` a line. */
function subjectFields(subject: string): Map<string, string> {
  return new Map(
    subject.split("\n").map((line) => {
      const at = line.indexOf("=");
      return [line.slice(0, at), line.slice(at + 1)];
    }),
  );
}
