import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SeededRandom, SimulatedDisk, silentLog, systemRandom, wallClock } from "@gridpact/host";
import type { Client } from "@grpc/grpc-js";
import {
  CommitError,
  connect,
  EndorseError,
  GatewayError,
  hash,
  StatusCode,
  signers,
} from "@hyperledger/fabric-gateway";
import { afterEach, expect, test } from "vitest";
import { GatewayLedger, runEmbeddedLedger } from "../src/index.ts";
import { CounterContract } from "./network.ts";
import { grpcClient, type ServedNetwork, servedNetwork } from "./served-network.ts";

const closing: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serve() {
  const random = new SeededRandom("grpc");
  const clock = wallClock();
  const served = servedNetwork(random);
  const running = await runEmbeddedLedger(
    {
      ...served.network,
      chaincodes: [{ name: "gridpact", contracts: [CounterContract] }],
      gateway: { host: "127.0.0.1", port: 0, tls: served.tls },
    },
    {
      disk: new SimulatedDisk(random),
      clock,
      random,
      log: silentLog,
      onFatal: (error) => {
        throw error;
      },
    },
  );
  closing.push(() => running.close());
  return { served, port: running.port };
}

function open(served: ServedNetwork, port: number): Client {
  const client = grpcClient(served, port);
  closing.push(() => client.close());
  return client;
}

/** The gateway client as its documentation shows it. */
function fabricContract(served: ServedNetwork, port: number) {
  const { mspId, certificatePem, key } = served.user;
  const fabric = connect({
    client: open(served, port),
    identity: { mspId, credentials: Buffer.from(certificatePem) },
    signer: signers.newPrivateKeySigner(key.privateKey),
    hash: hash.none,
  });
  const network = fabric.getNetwork("gridpact");
  return { network, contract: network.getContract("gridpact", "counter") };
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

test("the unmodified gateway client submits and evaluates over gRPC and TLS with an Ed25519 identity", async () => {
  const { served, port } = await serve();
  const { contract } = fabricContract(served, port);
  expect(text(await contract.submitTransaction("Add", '{"key":"a"}'))).toBe('{"count":1}');
  expect(text(await contract.evaluateTransaction("Get", '{"key":"a"}'))).toBe('{"count":1}');
  const submitted = await contract.submitAsync("Add", { arguments: ['{"key":"a"}'] });
  expect(await submitted.getStatus()).toMatchObject({ successful: true, code: StatusCode.VALID, blockNumber: 2n });
});

test("the unmodified gateway client learns of a refusal and of a conflict as it does from Fabric", async () => {
  const { served, port } = await serve();
  const { contract } = fabricContract(served, port);
  const refusal = await contract.submitTransaction("Refuse", "{}").catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(EndorseError);
  expect(refusal).toMatchObject({
    code: 10,
    details: [{ message: "chaincode response 500, COUNTER_REFUSED: as it was asked to" }],
  });
  await expect(contract.evaluateTransaction("Refuse", "{}")).rejects.toThrow(GatewayError);
  const endorsed = await Promise.all(
    [0, 1].map(() => contract.newProposal("Add", { arguments: ['{"key":"a"}'] }).endorse()),
  );
  const [first, second] = await Promise.all(endorsed.map((transaction) => transaction.submit()));
  expect((await first?.getStatus())?.code).toBe(StatusCode.VALID);
  expect((await second?.getStatus())?.code).toBe(StatusCode.MVCC_READ_CONFLICT);
  const outcomes = await Promise.allSettled([0, 1, 2].map(() => contract.submitTransaction("Add", '{"key":"b"}')));
  const conflicts = outcomes
    .filter(({ status }) => status === "rejected")
    .map((it) => (it as PromiseRejectedResult).reason);
  for (const conflict of conflicts) expect(conflict).toBeInstanceOf(CommitError);
});

test("the unmodified gateway client follows the events of a chaincode", async () => {
  const { served, port } = await serve();
  const { contract, network } = fabricContract(served, port);
  await contract.submitTransaction("Add", '{"key":"a"}');
  const events = await network.getChaincodeEvents("gridpact", { startBlock: 0n });
  const coming = contract.submitTransaction("Add", '{"key":"b"}');
  const seen: string[] = [];
  for await (const { blockNumber, eventName, payload } of events) {
    seen.push(`${blockNumber} ${eventName} ${text(payload)}`);
    if (seen.length === 2) break;
  }
  events.close();
  await coming;
  expect(seen).toEqual(['1 Added {"count":1,"key":"a"}', '2 Added {"count":1,"key":"b"}']);
});

test("a client that trusts another authority does not talk to the gateway", async () => {
  const { served, port } = await serve();
  const client = grpcClient(served, port, "DsoMSP");
  closing.push(() => client.close());
  const ready = new Promise((resolve, reject) => {
    client.waitForReady(Date.now() + 2_000, (error) => (error ? reject(error) : resolve("ready")));
  });
  await expect(ready).rejects.toThrow();
});

test("what was answered as committed survives the kill of the process", async () => {
  const directory = await mkdtemp(join(tmpdir(), "gridpact-ledger-"));
  closing.push(() => rm(directory, { recursive: true }));
  const served = servedNetwork(new SeededRandom("killed"));
  const acknowledged: string[] = [];
  for (const round of [0, 1]) {
    const { process, port } = await start(directory, "killed");
    const ledger = ledgerOver(served, port);
    for (const key of acknowledged) expect(await ledger.evaluate("counter:Get", { key })).toEqual({ count: 1 });
    const running = Array.from({ length: 12 }, async (_, index) => {
      await ledger.execute("counter:Add", { key: `key ${round} ${index}` });
      acknowledged.push(`key ${round} ${index}`);
      if (acknowledged.length === 5 + 8 * round) process.kill("SIGKILL");
    });
    await Promise.allSettled(running);
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(13);
  const { process, port } = await start(directory, "killed");
  const ledger = ledgerOver(served, port);
  for (const key of acknowledged) expect(await ledger.evaluate("counter:Get", { key })).toEqual({ count: 1 });
  process.kill("SIGKILL");
});

function ledgerOver(served: ServedNetwork, port: number): GatewayLedger {
  const callOptions = () => ({ deadline: Date.now() + 5_000 });
  return new GatewayLedger(
    { client: open(served, port), identity: served.user, callOptions },
    { random: systemRandom, clock: wallClock() },
  );
}

async function start(directory: string, seed: string): Promise<{ process: ChildProcess; port: number }> {
  const script = fileURLToPath(new URL("./ledger-process.ts", import.meta.url));
  const child = spawn(process.execPath, [script, directory, seed], { stdio: ["ignore", "pipe", "inherit"] });
  closing.push(() => void child.kill("SIGKILL"));
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return { process: child, port: Number(line.toString()) };
}
