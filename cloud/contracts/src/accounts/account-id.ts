import { isDeviceId } from "@gridpact/proto";
import { text } from "../transaction/index.ts";

/** Account of the aggregator. There is one aggregator on a channel. */
export const AGGREGATOR_ACCOUNT = "aggregator";

/** Where minted money comes from; it has no balance. */
export const ISSUER = "issuer";

const VN_PREFIX = "vn:";
const DEVICE_PREFIX = "feid:";

/** The id is not checked here: an account id counts once `ACCOUNT_ID` has read it. */
export function vnAccount(vnId: string): string {
  return `${VN_PREFIX}${vnId}`;
}

/** Moves with the device: the account belongs to the device, whichever virtual node it is with. */
export function deviceAccount(deviceId: string): string {
  return `${DEVICE_PREFIX}${deviceId}`;
}

/** The money that a running contract holds. It is kept in the contract's own document, and named so in statements. */
export function escrowOf(contractId: string): string {
  return `escrow:${contractId}`;
}

/** Whose account it is; undefined for a text that names no account. */
export type AccountHolder =
  | { readonly kind: "aggregator" }
  | { readonly kind: "vn"; readonly vnId: string }
  | { readonly kind: "feid"; readonly deviceId: string };

/** @returns undefined also for `escrow:...` and `issuer`, which nobody holds */
export function accountHolder(accountId: string): AccountHolder | undefined {
  if (accountId === AGGREGATOR_ACCOUNT) return { kind: "aggregator" };
  const vnId = suffixOf(accountId, VN_PREFIX);
  if (vnId !== undefined) return { kind: "vn", vnId };
  const deviceId = suffixOf(accountId, DEVICE_PREFIX);
  return deviceId === undefined ? undefined : { kind: "feid", deviceId };
}

/** Neither an escrow nor the issuer: money goes in and out of those by contracts only. */
export const ACCOUNT_ID = text(
  (value) => accountHolder(value) !== undefined,
  "an account id: aggregator, vn:<vnId> or feid:<deviceId>",
);

function suffixOf(accountId: string, prefix: string): string | undefined {
  const suffix = accountId.slice(prefix.length);
  return accountId.startsWith(prefix) && isDeviceId(suffix) ? suffix : undefined;
}
