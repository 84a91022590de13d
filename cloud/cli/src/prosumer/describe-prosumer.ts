import { euro } from "../demo/screen.ts";
import { describeDisputed } from "../disputes/describe-disputed.ts";
import { describeAgreement } from "../supply/describe-supply.ts";
import type { ProsumerView } from "./prosumer-view.ts";

/** Enough of a key to tell it from others at a glance; the JSON has all of it. */
const KEY_CHARS = 16;

/** What the ledger has of a device, for people. */
export function describeProsumer(view: ProsumerView): string[] {
  const { device, account, agreements, contracts, hasMoreContracts } = view;
  const { deviceId, vnId, state, publicKeyHex } = device;
  const spendable = `${euro(account.spendableMicro)} of it not set aside`;
  return [
    `${deviceId} of ${vnId}: ${state}, key ${publicKeyHex.slice(0, KEY_CHARS)}...`,
    `  account    ${euro(account.balanceMicro)}, ${spendable}`,
    ...(agreements.length === 0 ? ["no private agreement"] : agreements.flatMap(describeAgreement)),
    ...(contracts.length === 0 ? ["no contract so far"] : contracts.flatMap(describeDisputed)),
    ...(hasMoreContracts ? ["older ones are left out; --contracts shows more"] : []),
  ];
}
