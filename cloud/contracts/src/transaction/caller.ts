import { X509Certificate } from "node:crypto";
import type { Context } from "fabric-contract-api";
import { demand } from "../contract-error.ts";

/** Values of the certificate attribute `role`. */
export const ROLES = ["aggregator", "vn", "prosumer", "dso", "auditor", "administrator"] as const;

/** One certificate, one role: who plays two parts has two certificates. */
export type Role = (typeof ROLES)[number];

/**
 * Organisations that may vouch for a role. Without it, any organisation's certificate authority could give itself any
 * role. Prosumers are certified by their virtual node; the administrator comes from the auditor, since whoever pays
 * with money must not be able to make it.
 */
export const ROLE_MSP_IDS: Readonly<Record<Role, readonly string[]>> = {
  aggregator: ["AggregatorMSP"],
  vn: ["VnMSP"],
  prosumer: ["VnMSP"],
  dso: ["DsoMSP"],
  auditor: ["AuditorMSP"],
  administrator: ["AuditorMSP"],
};

/** Who sent the proposal, as the peer authenticated it. */
export type Caller = {
  readonly role: Role;
  readonly mspId: string;
  /** Of a `vn`; null for other roles. */
  readonly vnId: string | null;
  /** Of a `prosumer`; null for other roles. */
  readonly deviceId: string | null;
  /** Certificate as sent, PEM. */
  readonly certificate: Uint8Array;
};

/**
 * Reads the caller from certificate attributes [Fabric CA: extension 1.2.3.4.5.6.7.8.1]. fabric-shim 2.5.8 parses them
 * from Ed25519 certificates as well as from ECDSA ones.
 *
 * @throws ContractError ACCESS_IDENTITY_INVALID for an unknown role, a role its organisation cannot give, or a missing
 * id
 */
export function readCaller(identity: Context["clientIdentity"]): Caller {
  const mspId = identity.getMSPID();
  const stated = identity.getAttributeValue("role");
  const role = ROLES.find((each) => each === stated);
  demand(role !== undefined, "ACCESS_IDENTITY_INVALID", () => "the certificate states no known role");
  demand(ROLE_MSP_IDS[role].includes(mspId), "ACCESS_IDENTITY_INVALID", () => `${mspId} cannot vouch for ${role}`);
  const idOf = (owner: Role, attribute: string) => (role === owner ? requireAttribute(identity, attribute) : null);
  return {
    role,
    mspId,
    vnId: idOf("vn", "vnId"),
    deviceId: idOf("prosumer", "deviceId"),
    certificate: identity.getIDBytes(),
  };
}

/** The Ed25519 public key of the caller's certificate in hex; undefined when it holds another kind of key. */
export function certifiedKeyHex(caller: Caller): string | undefined {
  const { crv, x } = new X509Certificate(caller.certificate).publicKey.export({ format: "jwk" });
  return crv === "Ed25519" && x !== undefined ? Buffer.from(x, "base64url").toString("hex") : undefined;
}

function requireAttribute(identity: Context["clientIdentity"], attribute: string): string {
  const value = identity.getAttributeValue(attribute);
  demand(typeof value === "string", "ACCESS_IDENTITY_INVALID", () => `the certificate lacks ${attribute}`);
  return value;
}
