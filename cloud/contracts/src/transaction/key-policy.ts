/**
 * Endorsement policies of single keys [Fabric: state-based endorsement]. Whatever the policy of the chaincode is, or
 * becomes by an upgrade, a key with a policy of its own is written only with the endorsements that it asks for.
 */
import { ROLE_MSP_IDS, ROLES } from "./caller.ts";

/** Organisations whose peers must endorse a change of money: no one moves it alone. */
export const MONEY_ENDORSERS_MIN = 2;

/** Every organisation that takes part, in a fixed order, so that all peers write the same bytes. */
const MSP_IDS = [...new Set(ROLES.flatMap((role) => ROLE_MSP_IDS[role]))].sort();

/** `msp.MSPRole.MSPRoleType.PEER`: an endorsement is a peer's, not just any member's. */
const ROLE_PEER = 3;

/** All numbers and lengths here are below 128, or would need more than one byte. */
const ONE_BYTE_MAX = 127;

const WIRE_VARINT = 0;
const WIRE_BYTES = 2;

/**
 * `common.SignaturePolicyEnvelope` of "peers of two of these organisations". It is written by hand, as a handful of
 * fields does not need the protobuf runtime in the chaincode; a test reads it with the ledger's own decoder.
 */
export const MONEY_POLICY: Uint8Array = signaturePolicy(MSP_IDS, MONEY_ENDORSERS_MIN);

function signaturePolicy(mspIds: readonly string[], peersMin: number): Uint8Array {
  const rules = mspIds.map((_, index) => bytesField(2, varintField(1, index)));
  const nOutOf = Buffer.concat([varintField(1, peersMin), ...rules]);
  const identities = mspIds.map((mspId) => {
    const role = Buffer.concat([bytesField(1, Buffer.from(mspId)), varintField(2, ROLE_PEER)]);
    return bytesField(3, bytesField(2, role));
  });
  return Buffer.concat([bytesField(2, bytesField(2, nOutOf)), ...identities]);
}

function varintField(field: number, value: number): Buffer {
  return Buffer.from([(field << 3) | WIRE_VARINT, oneByte(value)]);
}

function bytesField(field: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([(field << 3) | WIRE_BYTES, oneByte(bytes.length)]), bytes]);
}

function oneByte(value: number): number {
  if (value > ONE_BYTE_MAX) throw new RangeError(`${value} needs more than one byte`);
  return value;
}
