import { privateHashHex, SUPPLY_INPUT, type SupplyTerms } from "@gridpact/contracts";
import { SEED_BYTES, signingKeyFromSeed } from "@gridpact/host";
import { consentSigningBytes } from "@gridpact/proto";
import { Feid } from "../scenario/feid.ts";
import { encodeArgument } from "../src/client/index.ts";
import type { MspId } from "../src/identity/index.ts";
import type { LedgerArgument } from "../src/index.ts";
import type { Harness } from "./harness.ts";

/** A node with one enrolled device, and what the two agree on in private, signed by the device. */
export async function openSupply({ network, clientOf, random }: Harness) {
  const person = (commonName: string, mspId: MspId, attributes: Record<string, string>) =>
    clientOf(network.issue({ mspId, commonName, kind: "client", attributes }));
  const operator = person("vn", "VnMSP", { role: "vn", vnId: "district" });
  const key = signingKeyFromSeed(random.bytes(SEED_BYTES));
  const attributes = { role: "prosumer", deviceId: "feid-1" };
  const device = new Feid("feid-1", key, () =>
    network.issue({ mspId: "VnMSP", commonName: "feid-1", kind: "client", attributes, key }),
  );
  await person("aggregator", "AggregatorMSP", { role: "aggregator" }).execute("registry:RegisterVirtualNode", {
    vnId: "district",
    mspId: "VnMSP",
  });
  await operator.execute("registry:EnrolDevice", {
    deviceId: "feid-1",
    publicKeyHex: device.publicKeyHex,
    vnId: "district",
    mspId: "VnMSP",
    enrolmentRequestHex: device.enrolmentRequestHex(),
  });
  const terms: SupplyTerms = {
    vnId: "district",
    deviceId: "feid-1",
    revision: 0,
    saltHex: Buffer.from(random.bytes(32)).toString("hex"),
    tariff: { importMicroPerWh: 300n, exportMicroPerWh: 80n },
    nominatedWhPerIntervalMax: 1_500n,
    contact: "by letter",
  };
  const signature = key.sign(consentSigningBytes(Buffer.from(privateHashHex(terms), "hex")));
  const signed = { terms, signatureHex: Buffer.from(signature).toString("hex") };
  const agreement = encodeArgument(signed as unknown as LedgerArgument);
  const agree = async (endorsingOrganisations = ["VnMSP"]) => {
    const wish = { transientMap: { [SUPPLY_INPUT]: Buffer.from(agreement) }, endorsingOrganisations };
    const prepared = await operator.prepare("supply:Agree", { deviceId: "feid-1", revision: 0 }, wish);
    await operator.submit(prepared);
    return operator.commitStatus(prepared.transactionId);
  };
  return { person, operator, feid: clientOf(device.identity as never), agreement, agree };
}
