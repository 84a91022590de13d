import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { CommitError, EndorseError, EvaluateError } from "../src/client/index.ts";
import { LedgerConfigError, LedgerDamagedError, readStoredBlocks } from "../src/embedded/index.ts";
import { parseTransaction, validationCodeName } from "../src/protocol/index.ts";
import { signedProposal } from "./forging.ts";
import { hex, openHarness } from "./harness.ts";
import { CounterContract } from "./network.ts";

test("commits what a contract writes and shows it from then on", async () => {
  const { client } = await openHarness();
  expect(await client.evaluate("counter:Get", { key: "a" })).toEqual({ count: 0 });
  const first = await client.execute("counter:Add", { key: "a" });
  expect(first).toMatchObject({ blockNumber: 1, result: { count: 1 } });
  expect((await client.execute("counter:Add", { key: "a" })).result).toEqual({ count: 2 });
  expect(await client.evaluate("counter:Get", { key: "a" })).toEqual({ count: 2 });
});

test("gives the contract its caller's organisation, attributes and time", async () => {
  const { client, clock } = await openHarness();
  await clock.advanceTo(clock.nowUnixMs() + 61_500);
  expect(await client.evaluate("counter:WhoAmI", {})).toMatchObject({
    mspId: "VnMSP",
    role: "vn",
    seconds: String(Math.floor(clock.nowUnixMs() / 1000)),
  });
});

test("changes nothing when the contract refuses, and says its code", async () => {
  const { client } = await openHarness();
  await expect(client.execute("counter:Refuse", {})).rejects.toThrow(EndorseError);
  await expect(client.execute("counter:Refuse", {})).rejects.toThrow(/chaincode response 500, COUNTER_REFUSED: as it/);
  await expect(client.evaluate("counter:Refuse", {})).rejects.toThrow(/chaincode response 500, COUNTER_REFUSED/);
  await expect(client.execute("counter:NoSuch", {})).rejects.toThrow(/does not exist/);
  expect((await client.chainInfo()).height).toBe(1);
});

test("of two transactions that read the same version only the first is valid", async () => {
  const { client } = await openHarness();
  const first = await client.prepare("counter:Add", { key: "a" });
  const second = await client.prepare("counter:Add", { key: "a" });
  const other = await client.prepare("counter:Add", { key: "b" });
  for (const prepared of [first, second, other]) await client.submit(prepared);
  const statuses = await Promise.all(
    [first, second, other].map(({ transactionId }) => client.commitStatus(transactionId)),
  );
  expect(statuses.map(({ name }) => name)).toEqual(["VALID", "MVCC_READ_CONFLICT", "VALID"]);
  expect(statuses[1]?.code).toBe(11);
  expect(await client.evaluate("counter:Get", { key: "a" })).toEqual({ count: 1 });
});

test("of two conflicting transactions in one block the first is valid", async () => {
  const { client } = await openHarness();
  const outcomes = await Promise.allSettled(
    [0, 1, 2, 3].map(() => client.execute("counter:Add", { key: "contended" })),
  );
  const rejected = outcomes.filter(({ status }) => status === "rejected");
  expect(rejected).toHaveLength(3);
  for (const outcome of rejected) expect((outcome as PromiseRejectedResult).reason).toBeInstanceOf(CommitError);
  expect(await client.evaluate("counter:Get", { key: "contended" })).toEqual({ count: 1 });
});

test("a deleted key is gone, and its history remains", async () => {
  const { client } = await openHarness();
  await client.execute("counter:Add", { key: "a" });
  await client.execute("counter:Add", { key: "a" });
  await client.execute("counter:Remove", { key: "a" });
  expect(await client.evaluate("counter:Get", { key: "a" })).toEqual({ count: 0 });
  expect(await client.evaluate("counter:History", { key: "a" })).toEqual({ values: ["deleted", "2", "1"] });
  await client.execute("counter:Add", { key: "a" });
  expect(await client.evaluate("counter:History", { key: "a" })).toEqual({ values: ["1", "deleted", "2", "1"] });
});

test("reads ranges in the order of bytes in an evaluation, and refuses them in a transaction", async () => {
  const { client } = await openHarness();
  for (const key of ["b", "a", "c", "ä", "\u{1f600}", "\uffee"]) await client.execute("counter:Add", { key });
  expect(await client.evaluate("counter:List", { start: "a", end: "c" })).toEqual({ keys: ["a", "b"] });
  // U+1F600 comes after U+FFEE in bytes, though not in JavaScript's own order.
  const everything = { keys: ["a", "b", "c", "ä", "\uffee", "\u{1f600}"] };
  expect(await client.evaluate("counter:List", { start: "", end: "" })).toEqual(everything);
  await expect(client.execute("counter:List", { start: "", end: "" })).rejects.toThrow(/RANGE_IN_WRITE/);
  await expect(client.execute("counter:History", { key: "a" })).rejects.toThrow(/RANGE_IN_WRITE/);
});

test("answers queries about blocks and transactions", async () => {
  const { client, ledger } = await openHarness();
  const { transactionId } = await client.execute("counter:Add", { key: "a" });
  const info = await client.chainInfo();
  expect(info.height).toBe(2);
  const block = await client.block(1);
  expect(hex(info.currentBlockHash)).toBe(hex(ledger.channel.headHash()));
  expect(hex(block.header.previousHash)).toBe(hex(info.previousBlockHash));
  expect(hex((await client.blockByTransaction(transactionId)).bytes)).toBe(hex(block.bytes));
  expect(await client.findTransaction(transactionId)).toMatchObject({ isValid: true, blockNumber: 1 });
  expect(await client.findTransaction("00".repeat(32))).toBeUndefined();
  await expect(client.block(2)).rejects.toThrow(EvaluateError);
  const written = parseTransaction(block.data[0] as Uint8Array).readWriteSets.flatMap(({ writes }) => writes);
  expect(written.map(({ key, value }) => [key, Buffer.from(value).toString()])).toEqual([["a", "1"]]);
});

test("streams the events of valid transactions from a block on", async () => {
  const { client } = await openHarness();
  await client.execute("counter:Add", { key: "a" });
  await Promise.allSettled([1, 2].map(() => client.execute("counter:Add", { key: "a" })));
  const seen: unknown[] = [];
  const late = client.execute("counter:Add", { key: "b" });
  for await (const event of client.events(1)) {
    seen.push([event.blockNumber, event.name, event.payload]);
    if (seen.length === 3) break;
  }
  await late;
  expect(seen.map((event) => (event as unknown[]).slice(1))).toEqual([
    ["Added", { count: 1, key: "a" }],
    ["Added", { count: 2, key: "a" }],
    ["Added", { count: 1, key: "b" }],
  ]);
});

test("keeps private values off the channel, from strangers, and over a restart", async () => {
  const collections = [{ name: "terms", memberMspIds: ["VnMSP"] }];
  const harness = await openHarness({ chaincodes: [{ name: "gridpact", contracts: [CounterContract], collections }] });
  const { client, network } = harness;
  const value = Buffer.from("price 7, salt 8c1f");
  const prepared = await client.prepare(
    "counter:KeepSecret",
    { collection: "terms", key: "offer" },
    { transientMap: { value } },
  );
  await client.submit(prepared);
  const { blockNumber } = await client.commitStatus(prepared.transactionId);
  const block = await client.block(blockNumber);
  expect(Buffer.from(block.bytes).includes("price 7")).toBe(false);
  expect(Buffer.from(block.bytes).includes(createHash("sha256").update(value).digest())).toBe(true);
  const read = { collection: "terms", key: "offer" };
  expect(await client.evaluate("counter:Secret", read)).toEqual({ value: value.toString() });
  const stranger = harness.clientOf(network.issue({ mspId: "DsoMSP", commonName: "dso", kind: "client" }));
  await expect(stranger.evaluate("counter:Secret", read)).rejects.toThrow(/COLLECTION_ACCESS/);
  await expect(stranger.prepare("counter:KeepSecret", read, { transientMap: { value } })).rejects.toThrow(
    /COLLECTION_ACCESS/,
  );
  await expect(client.evaluate("counter:Secret", { collection: "other", key: "offer" })).rejects.toThrow(/not defined/);
  const again = await harness.reopen();
  expect(await again.client.evaluate("counter:Secret", read)).toEqual({ value: value.toString() });
});

test("a key with a policy of its own is written only with the endorsements that the policy asks for", async () => {
  const harness = await openHarness();
  const { client, ledger, user } = harness;
  await client.execute("counter:Add", { key: "guarded" });
  await client.execute("counter:Guard", { key: "guarded", mspIds: ["DsoMSP", "AuditorMSP"] });
  expect(await client.evaluate("counter:Guards", { key: "guarded" })).toEqual({ mspIds: ["DsoMSP", "AuditorMSP"] });
  expect((await client.execute("counter:Add", { key: "guarded" })).result).toEqual({ count: 2 });
  const endorsedBy = async (organisations: string[]) => {
    const args = ["counter:Add", '{"key":"guarded"}'].map((text) => Buffer.from(text));
    const { transactionId, ...signed } = signedProposal(harness, { args });
    const outcome = await ledger.endorse(signed, organisations);
    if (outcome.kind !== "endorsed") throw new Error(outcome.kind);
    outcome.envelope.setSignature(user.key.sign(outcome.envelope.getPayload_asU8()));
    ledger.submit(outcome.envelope.serializeBinary());
    return validationCodeName((await ledger.commitStatus(transactionId)).code);
  };
  expect(await endorsedBy(["AggregatorMSP", "VnMSP"])).toBe("ENDORSEMENT_POLICY_FAILURE");
  expect(await endorsedBy(["DsoMSP", "VnMSP"])).toBe("ENDORSEMENT_POLICY_FAILURE");
  expect(await endorsedBy(["DsoMSP", "AuditorMSP"])).toBe("VALID");
});

test("a contract whose result depends on the run is found out when each peer runs it", async () => {
  const { client } = await openHarness({ isRunByEachPeer: true });
  await expect(client.execute("counter:Draw", {})).rejects.toThrow(/not deterministic/);
  expect((await client.execute("counter:Add", { key: "a" })).result).toEqual({ count: 1 });
});

test("a reopened ledger has the same head, state and answers", async () => {
  const before = await openHarness();
  const { transactionId } = await before.client.execute("counter:Add", { key: "a" });
  await Promise.allSettled([1, 2].map(() => before.client.execute("counter:Add", { key: "a" })));
  const after = await before.reopen();
  expect(hex(after.ledger.channel.headHash())).toBe(hex(before.ledger.channel.headHash()));
  expect(await after.client.evaluate("counter:Get", { key: "a" })).toEqual({ count: 2 });
  expect(await after.client.findTransaction(transactionId)).toMatchObject({ isValid: true });
  expect((await after.client.execute("counter:Add", { key: "a" })).result).toEqual({ count: 3 });
});

test("whatever was answered as committed survives a crash at any moment", async () => {
  for (let crashAfter = 1; crashAfter <= 12; crashAfter++) {
    const before = await openHarness({ seed: `crash${crashAfter}` });
    const acknowledged = new Set<string>();
    const running = Array.from({ length: 20 }, async (_, index) => {
      await before.client.execute("counter:Add", { key: `key${index}` });
      acknowledged.add(`key${index}`);
      if (acknowledged.size === crashAfter) before.disk.crash();
    });
    void Promise.allSettled(running);
    await before.clock.advanceTo(before.clock.nowUnixMs() + 1000);
    const after = await before.reopen();
    for (const key of acknowledged) {
      expect(await after.client.evaluate("counter:Get", { key }), `seed crash${crashAfter}`).toEqual({ count: 1 });
    }
  }
});

test("stored blocks can be read beside the running ledger, which loses nothing by it", async () => {
  const { client, disk, ledger } = await openHarness();
  await client.execute("counter:Add", { key: "a" });
  const read = async () => {
    const blocks: string[] = [];
    for await (const bytes of readStoredBlocks({ disk })) blocks.push(hex(bytes));
    return blocks;
  };
  const fetched = await Promise.all([0, 1].map(async (number) => hex((await client.block(number)).bytes)));
  expect(await read()).toEqual(fetched);
  await client.execute("counter:Add", { key: "a" });
  expect((await read()).length).toBe(ledger.channel.height());
});

test("closing commits what was taken in and loses nothing", async () => {
  const before = await openHarness({ batch: { transactionsMax: 500, timeoutMs: 60_000 } });
  const prepared = await before.client.prepare("counter:Add", { key: "a" });
  await before.client.submit(prepared);
  const next = await before.client.prepare("counter:Add", { key: "b" });
  const waiting = before.client.commitStatus(next.transactionId);
  const givenUp = expect(waiting).rejects.toThrow(/may still be committed/);
  await before.ledger.close();
  await givenUp;
  await expect(before.client.submit(next)).rejects.toThrow(/SERVICE_UNAVAILABLE/);
  expect(before.fatal).toEqual([]);
  const after = await before.reopen();
  expect(await after.client.evaluate("counter:Get", { key: "a" })).toEqual({ count: 1 });
});

test("stops for good when a block cannot be made durable", async () => {
  const { client, disk, fatal } = await openHarness();
  const prepared = await client.prepare("counter:Add", { key: "a" });
  const next = await client.prepare("counter:Add", { key: "b" });
  disk.setFault("EIO");
  const waiting = client.commitStatus(prepared.transactionId);
  await client.submit(prepared);
  await expect(waiting).rejects.toThrow(/may still be committed/);
  expect(fatal).toMatchObject([{ code: "JOURNAL_WRITE" }]);
  await expect(client.submit(next)).rejects.toThrow(/SERVICE_UNAVAILABLE/);
});

test("refuses to open a damaged chain, or one of another consortium", async () => {
  const harness = await openHarness();
  await harness.client.execute("counter:Add", { key: "a" });
  const stranger = await openHarness({ seed: "another" });
  const { consortium, orderers, peers } = stranger.network;
  const other = { ...harness.network, consortium, orderers, peers };
  Object.assign(harness.network, other);
  await expect(harness.reopen()).rejects.toThrow(LedgerDamagedError);
  const policy = await openHarness();
  Object.assign(policy.network, { consortium: { ...policy.network.consortium, endorsingOrganisationsMin: 1 } });
  await expect(policy.reopen()).rejects.toThrow(LedgerConfigError);
});

test("one seed gives one ledger, another seed another", async () => {
  const head = async (seed: string) => {
    const { client, clock, ledger } = await openHarness({ seed });
    const work = Array.from({ length: 50 }, (_, index) => client.execute("counter:Add", { key: `k${index % 7}` }));
    const settled = Promise.allSettled(work);
    await clock.advanceTo(clock.nowUnixMs() + 60_000);
    await settled;
    return hex(ledger.channel.headHash());
  };
  expect(await head("one")).toBe(await head("one"));
  expect(await head("one")).not.toBe(await head("two"));
});
