import { BlockVerifier } from "../evidence/index.ts";
import { readCertificate } from "../identity/index.ts";
import type { Consortium } from "../protocol/index.ts";

/** A text does not say whom to trust, or says it of certificates that cannot be used. */
export class TrustError extends Error {
  readonly code = "TRUST_UNUSABLE";

  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "TrustError";
  }
}

/**
 * Reads whom the caller trusts: channel, organisations with their authorities, orderers, and how many organisations
 * have to endorse. It MUST come from somewhere else than the receipts, or they vouch for themselves.
 * @throws TrustError when the text says less than a verification needs
 */
export function parseTrust(text: string): Consortium {
  const consortium = parseJson(text) as Partial<Consortium> | null;
  const { channelName, organisations, orderers, endorsingOrganisationsMin } = consortium ?? {};
  const isWhole =
    typeof channelName === "string" &&
    isListOf(organisations, ["mspId", "authorityPem"]) &&
    isListOf(orderers, ["mspId", "certificatePem"]) &&
    Number.isSafeInteger(endorsingOrganisationsMin) &&
    (endorsingOrganisationsMin ?? 0) >= 1;
  if (!isWhole) {
    throw new TrustError("a trust file states channelName, organisations, orderers and endorsingOrganisationsMin");
  }
  checkCertificates(consortium as Consortium);
  return consortium as Consortium;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TrustError(`not readable: ${String(cause)}`, cause);
  }
}

/** None at all would leave nobody whose signature is needed. */
function isListOf(value: unknown, fields: readonly string[]): boolean {
  if (!Array.isArray(value) || value.length === 0) return false;
  return value.every((each: Record<string, unknown> | null) =>
    fields.every((field) => typeof each?.[field] === "string"),
  );
}

function checkCertificates(consortium: Consortium): void {
  try {
    new BlockVerifier(consortium);
  } catch (cause) {
    throw new TrustError("an authority's certificate cannot be read", cause);
  }
}

/** `der` is what fingerprints are made of. */
export type CertificateFacts = {
  commonName: string;
  der: Uint8Array;
  notAfterUnixMs: number;
  /** Those whose signatures are verified; "other" is a key that nobody here can check. */
  keyKind: "ed25519" | "p256" | "other";
};

/** What people compare certificates by. @throws CertificateError */
export function certificateFacts(pem: string): CertificateFacts {
  const { commonName, x509, notAfterUnixMs, publicKey } = readCertificate(pem);
  const isP256 = publicKey.asymmetricKeyDetails?.namedCurve === "prime256v1";
  const keyKind = publicKey.asymmetricKeyType === "ed25519" ? "ed25519" : isP256 ? "p256" : "other";
  return { commonName, der: x509.raw, notAfterUnixMs, keyKind };
}
