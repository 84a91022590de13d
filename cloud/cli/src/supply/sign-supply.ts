import { privateHashHex, type SupplyTerms } from "@gridpact/contracts";
import { readDeviceKey } from "@gridpact/edge";
import { nodeDisk, type Random, type SigningKey } from "@gridpact/host";
import { ask } from "@gridpact/ledger";
import { consentSigningBytes } from "@gridpact/proto";
import { CliError } from "../cli-error.ts";
import { AUDITOR, type Connect } from "../parts/members.ts";
import { deviceFolder, existingDataDirectory } from "../process/data-directory.ts";
import { writeAgreementFile } from "./agreement-file.ts";
import { revisionCount } from "./channel-supply.ts";

/** What a prosumer decides; the rest of the terms follows from the ledger. */
export type SupplyWishes = Pick<SupplyTerms, "tariff" | "nominatedWhPerIntervalMax" | "contact"> & {
  /** The one after the newest of the channel when left out. */
  revision?: number;
};

export type SignSupplyModules = {
  connect: Connect;
  random: Random;
  /** The device's own key. @throws CliError INPUT where it is not kept */
  keyOf: (deviceId: string) => Promise<SigningKey>;
};

/** `hashHex` is what the channel will have once the node has agreed. */
export type SignedSupply = { deviceId: string; revision: number; vnId: string; path: string; hashHex: string };

/** 256 bits, as the contract wants it. */
const SALT_BYTES = 32;

/**
 * The command `gridpact supply sign`: makes the terms between a device and its node, has the device sign them, and
 * writes the agreement to a new file. Nothing goes to the ledger.
 * @throws CliError INPUT; LedgerError
 */
export async function signSupply(
  { deviceId, path, wishes }: { deviceId: string; path: string; wishes: SupplyWishes },
  { connect, random, keyOf }: SignSupplyModules,
): Promise<SignedSupply> {
  const key = await keyOf(deviceId);
  const ledger = await connect(AUDITOR);
  const { vnId, publicKeyHex } = await ask(ledger, "registry:GetDevice", { deviceId });
  if (Buffer.from(key.publicKey).toString("hex") !== publicKeyHex) {
    throw new CliError("INPUT", `the ledger knows ${deviceId} by another key than the one that is kept here`);
  }
  const revision = wishes.revision ?? (await revisionCount(ledger, deviceId));
  const saltHex = Buffer.from(random.bytes(SALT_BYTES)).toString("hex");
  const terms: SupplyTerms = { ...wishes, vnId, deviceId, revision, saltHex };
  const signature = key.sign(consentSigningBytes(Buffer.from(privateHashHex(terms), "hex")));
  const agreement = { terms, signatureHex: Buffer.from(signature).toString("hex") };
  writeAgreementFile(path, agreement);
  return { deviceId, revision, vnId, path, hashHex: privateHashHex(agreement) };
}

/** Keys of the devices that run on a data directory, each where its FEID keeps it. */
export function deviceKeysOf(dataDirectory: string): SignSupplyModules["keyOf"] {
  const data = existingDataDirectory(dataDirectory);
  return async (deviceId) => {
    const folder = deviceFolder(deviceId, data);
    const key = await readDeviceKey(nodeDisk(folder));
    if (key === undefined) {
      throw new CliError("INPUT", `${folder} has no key of ${deviceId}: sign where the device runs, by --data`);
    }
    return key;
  };
}
