import { silentLog } from "@gridpact/host";
import { gateway } from "@hyperledger/fabric-protos";
import { expect, test } from "vitest";
import type { GatewayLedger } from "../src/client/index.ts";
import { Outbox } from "../src/outbox/index.ts";
import { type Collection, implicitCollectionOf, parseTransaction, verifiedEndorsers } from "../src/protocol/index.ts";
import { type Harness, openHarness } from "./harness.ts";
import { CounterContract } from "./network.ts";

const TERMS: Collection = {
  name: "terms",
  memberMspIds: ["VnMSP", "AuditorMSP"],
  endorsement: { mspIds: ["VnMSP", "AuditorMSP"], organisationsMin: 2 },
};

const OWN = implicitCollectionOf("VnMSP");

const value = Buffer.from("price 7, salt 8c1f");

function open(): Promise<Harness> {
  return openHarness({ chaincodes: [{ name: "gridpact", contracts: [CounterContract], collections: [TERMS] }] });
}

async function keep(client: GatewayLedger, collection: string, endorsingOrganisations?: string[]) {
  const wish = endorsingOrganisations && { endorsingOrganisations };
  const argument = { collection, key: "offer" };
  const prepared = await client.prepare("counter:KeepSecret", argument, { transientMap: { value }, ...wish });
  await client.submit(prepared);
  return client.commitStatus(prepared.transactionId);
}

async function endorsersOf({ network, ledger }: Harness, prepared: { bytes: Uint8Array }): Promise<string[]> {
  const envelope = gateway.PreparedTransaction.deserializeBinary(prepared.bytes).getEnvelope();
  const transaction = parseTransaction(envelope?.serializeBinary() ?? prepared.bytes);
  expect(network.peers.length).toBe(4);
  return verifiedEndorsers(transaction, ledger.channel.rules).map(({ mspId }) => mspId);
}

test("an organisation has a collection of its own without any definition", async () => {
  const harness = await open();
  const { client, network } = harness;
  expect(await keep(client, OWN)).toMatchObject({ name: "VALID" });
  expect(await client.evaluate("counter:Secret", { collection: OWN, key: "offer" })).toEqual({
    value: value.toString(),
  });
  const stranger = harness.clientOf(network.issue({ mspId: "DsoMSP", commonName: "dso", kind: "client" }));
  // Asked at its own organisation's peer, which has no values of others.
  await expect(stranger.evaluate("counter:Secret", { collection: OWN, key: "offer" })).rejects.toThrow(/no values/);
  const unknown = implicitCollectionOf("NobodyMSP");
  await expect(keep(client, unknown)).rejects.toThrow(/not defined/);
});

test("the gateway finds the endorsers that a collection asks for; too few named ones are of no effect", async () => {
  const { client } = await open();
  expect(await keep(client, "terms")).toMatchObject({ name: "VALID" });
  expect(await keep(client, "terms", ["VnMSP", "DsoMSP"])).toMatchObject({ name: "ENDORSEMENT_POLICY_FAILURE" });
  expect(await keep(client, "terms", ["VnMSP", "AuditorMSP"])).toMatchObject({ name: "VALID" });
  expect(await keep(client, OWN, ["AggregatorMSP", "DsoMSP"])).toMatchObject({ name: "ENDORSEMENT_POLICY_FAILURE" });
});

test("only peers that have what was read endorse", async () => {
  const harness = await open();
  const { client, network } = harness;
  await keep(client, OWN);
  const read = { collection: OWN, key: "offer" };
  const prepared = await client.prepare("counter:Secret", read);
  expect(await endorsersOf(harness, prepared)).toEqual(["VnMSP"]);
  // A peer of another organisation, named as the only one, cannot even run it.
  await expect(client.prepare("counter:Secret", read, { endorsingOrganisations: ["DsoMSP"] })).rejects.toThrow(
    /no values/,
  );
  const missing = { endorsingOrganisations: ["VnMSP", "NobodyMSP"] };
  await expect(client.prepare("counter:Secret", read, missing)).rejects.toThrow(/no peer/);
  const anyone = harness.clientOf(network.issue({ mspId: "AuditorMSP", commonName: "auditor", kind: "client" }));
  expect(await endorsersOf(harness, await anyone.prepare("counter:Add", { key: "public" }))).toEqual([
    "AuditorMSP",
    "AggregatorMSP",
  ]);
});

test("the outbox brings private data along, also when it has to begin anew after a restart", async () => {
  const { client, clock, disk, ledger } = await open();
  const modules = { disk, clock, log: silentLog };
  const argument = { collection: "terms", key: "offer" };
  const wish = { transient: { value: value.toString() }, endorsingOrganisations: ["VnMSP", "AuditorMSP"] };
  const down = { ...client, prepare: () => new Promise<never>(() => undefined) } as unknown as GatewayLedger;
  const before = await Outbox.open({ directory: "outbox" }, { ...modules, ledger: down });
  const lost = before.execute("offer 1", "counter:KeepSecret", argument, wish);
  lost.catch(() => undefined);
  while (before.pending().length === 0) await Promise.resolve();
  await before.close();
  const after = await Outbox.open({ directory: "outbox" }, { ...modules, ledger: client });
  await after.execute("offer 1", "counter:KeepSecret", argument);
  expect(await client.evaluate("counter:Secret", argument)).toEqual({ value: value.toString() });
  expect(ledger.channel.height()).toBe(2);
});
