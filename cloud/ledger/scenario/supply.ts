import { strict as assert } from "node:assert";
import { privateHashHex, SUPPLY_INPUT, type SupplyAgreement, type SupplyTerms } from "@gridpact/contracts";
import { encodeArgument } from "../src/client/index.ts";
import type { LedgerArgument, PreparedTransaction } from "../src/index.ts";
import type { Feid } from "./feid.ts";
import type { Market } from "./market.ts";

const SALT_BYTES = 32;

/** What the market's node and a device agree on in private, signed by the device. */
export function supplyAgreement({ vnId, world }: Market, feid: Feid): SupplyAgreement {
  const terms: SupplyTerms = {
    vnId,
    deviceId: feid.deviceId,
    revision: 0,
    saltHex: Buffer.from(world.random.bytes(SALT_BYTES)).toString("hex"),
    tariff: { importMicroPerWh: 300n, exportMicroPerWh: 80n },
    nominatedWhPerIntervalMax: 1_500n,
    contact: "by letter, not by telephone",
  };
  return { terms, signatureHex: feid.consentToHash(privateHashHex(terms)) };
}

/**
 * Puts an agreement down. Only the node's own organisation endorses, as whoever endorses sees what is private.
 *
 * @throws LedgerError of the phase that failed
 */
export async function agreeInPrivate({ vn }: Market, agreement: SupplyAgreement): Promise<PreparedTransaction> {
  const { deviceId, revision } = agreement.terms;
  const value = Buffer.from(encodeArgument(agreement as unknown as LedgerArgument));
  const wish = { transientMap: { [SUPPLY_INPUT]: value }, endorsingOrganisations: ["VnMSP"] };
  const prepared = await vn.prepare("supply:Agree", { deviceId, revision }, wish);
  await vn.submit(prepared);
  const status = await vn.commitStatus(prepared.transactionId);
  assert.ok(status.isValid, status.name);
  return prepared;
}
