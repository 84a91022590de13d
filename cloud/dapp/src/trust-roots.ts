import { createHash } from "node:crypto";
import { type Consortium, certificateFacts } from "@gridpact/ledger/receipts";

/** A certificate that everything rests on, as people compare it: by the fingerprint that they have from elsewhere. */
export type TrustRoot = {
  role: "authority" | "orderer";
  mspId: string;
  commonName: string;
  /** SHA-256 of the certificate, as `openssl x509 -fingerprint -sha256` writes it. */
  fingerprint: string;
  notAfterUnixMs: number;
};

/** Of each organisation the authority that vouches for its members, then the orderers. */
export function trustRoots({ organisations, orderers }: Consortium): TrustRoot[] {
  return [
    ...organisations.map(({ mspId, authorityPem }) => rootOf("authority", mspId, authorityPem)),
    ...orderers.map(({ mspId, certificatePem }) => rootOf("orderer", mspId, certificatePem)),
  ];
}

function rootOf(role: TrustRoot["role"], mspId: string, pem: string): TrustRoot {
  const { commonName, der, notAfterUnixMs } = certificateFacts(pem);
  const hex = createHash("sha256").update(der).digest("hex").toUpperCase();
  return { role, mspId, commonName, fingerprint: (hex.match(/../g) ?? []).join(":"), notAfterUnixMs };
}
