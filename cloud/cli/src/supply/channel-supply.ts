import { ContractError, checkSupplyOpening, type SupplyAgreement } from "@gridpact/contracts";
import { ask, type Ledger, unlessRefused } from "@gridpact/ledger";

type Asked = Pick<Ledger, "evaluate">;

/** What anyone can say of an opened agreement. */
export type OpeningVerdict = {
  deviceId: string;
  revision: number;
  holds: boolean;
  /** Null where it holds. */
  reason: string | null;
  /** What the channel has; null where it has no such revision. */
  hashHex: string | null;
  /** The revision of the registry whose key signed; null where it does not hold. */
  keyRevision: number | null;
};

/** SHA-256 (hex) of a revision's agreement, as the channel has it; undefined where there is none. */
export async function channelHash(ledger: Asked, deviceId: string, revision: number): Promise<string | undefined> {
  const id = { deviceId, revision };
  return (await unlessRefused(["SUPPLY_UNKNOWN"], () => ask(ledger, "supply:GetCommitment", id)))?.hashHex;
}

/** How many agreements a device has. Each is asked for: revisions have no gaps, and come once a season, not a day. */
export async function revisionCount(ledger: Asked, deviceId: string): Promise<number> {
  let count = 0;
  while ((await channelHash(ledger, deviceId, count)) !== undefined) count += 1;
  return count;
}

/** Holds an agreement against the channel's hash and the keys that the registry has of its device, newest first. */
export async function checkOpening(ledger: Asked, agreement: SupplyAgreement): Promise<OpeningVerdict> {
  const { deviceId, revision } = agreement.terms;
  const hashHex = await channelHash(ledger, deviceId, revision);
  const fails = (reason: string) => {
    return { deviceId, revision, holds: false, reason, hashHex: hashHex ?? null, keyRevision: null };
  };
  if (hashHex === undefined) return fails(`the channel knows no revision ${revision} of ${deviceId}`);
  const newest = (await ask(ledger, "registry:GetDevice", { deviceId })).revision;
  let reason = "";
  // A device that has another key by now signed with the one it had then.
  for (let keyRevision = newest; keyRevision >= 0; keyRevision--) {
    const { publicKeyHex } = await ask(ledger, "registry:GetDeviceRevision", { deviceId, revision: keyRevision });
    const refusal = openingRefusal(agreement, hashHex, publicKeyHex);
    if (refusal === undefined) return { deviceId, revision, holds: true, reason: null, hashHex, keyRevision };
    reason = refusal;
  }
  return fails(reason);
}

/** Why an agreement is not what a hash was made of, signed by that key; undefined when it is. */
export function openingRefusal(agreement: SupplyAgreement, hashHex: string, publicKeyHex: string): string | undefined {
  try {
    checkSupplyOpening(agreement, { hashHex }, publicKeyHex);
    return undefined;
  } catch (error) {
    if (error instanceof ContractError) return error.message;
    throw error;
  }
}
