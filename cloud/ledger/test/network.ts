import { type Clock, type Random, SEED_BYTES, type SigningKey, signingKeyFromSeed } from "@gridpact/host";
import { type Context, Contract } from "fabric-contract-api";
import KeyEndorsementPolicy from "fabric-shim/lib/utils/statebased.js";
import {
  type Authority,
  issueAuthority,
  issueCertificate,
  MSP_IDS,
  type MspId,
  type NodeKind,
} from "../src/identity/index.ts";
import type { Consortium } from "../src/protocol/index.ts";

/** Someone who can sign in the name of an organisation. */
export type TestIdentity = { mspId: string; certificatePem: string; key: SigningKey };

export type TestNetwork = {
  consortium: Consortium;
  orderers: TestIdentity[];
  peers: TestIdentity[];
  issue(request: {
    mspId: MspId;
    commonName: string;
    kind: NodeKind;
    attributes?: Record<string, string>;
    serverNames?: string[];
    /** Without it a new one is made. */
    key?: SigningKey;
  }): TestIdentity;
};

/** Four organisations with a peer each and one orderer. */
export function testNetwork(modules: { random: Random; clock: Clock }): TestNetwork {
  const newKey = () => signingKeyFromSeed(modules.random.bytes(SEED_BYTES));
  const authorities = new Map<MspId, Authority>(
    MSP_IDS.map((mspId) => [mspId, issueAuthority({ mspId, key: newKey() }, modules)]),
  );
  const issue: TestNetwork["issue"] = ({ mspId, key = newKey(), ...request }) => {
    const authority = authorities.get(mspId) as Authority;
    const certificatePem = issueCertificate({ ...request, authority, publicKey: key.publicKey }, modules);
    return { mspId, certificatePem, key };
  };
  const peers = MSP_IDS.map((mspId) => issue({ mspId, commonName: "peer", kind: "peer" }));
  const orderer = issue({ mspId: "AggregatorMSP", commonName: "orderer", kind: "orderer" });
  const organisations = [...authorities.values()].map(({ mspId, certificatePem }) => ({
    mspId,
    authorityPem: certificatePem,
  }));
  const consortium = {
    channelName: "gridpact",
    organisations,
    orderers: [{ mspId: orderer.mspId, certificatePem: orderer.certificatePem }],
    endorsingOrganisationsMin: 2,
  };
  return { consortium, orderers: [orderer], peers, issue };
}

/** A small contract with one function for each thing that a ledger has to do. */
export class CounterContract extends Contract {
  constructor() {
    super("counter");
  }

  async Add(ctx: Context, argument: string): Promise<string> {
    const { key } = JSON.parse(argument) as { key: string };
    const count = Number((await ctx.stub.getState(key)).toString() || "0") + 1;
    await ctx.stub.putState(key, Buffer.from(String(count)));
    ctx.stub.setEvent("Added", Buffer.from(JSON.stringify({ count, key })));
    return JSON.stringify({ count });
  }

  async Get(ctx: Context, argument: string): Promise<string> {
    const { key } = JSON.parse(argument) as { key: string };
    return JSON.stringify({ count: Number((await ctx.stub.getState(key)).toString() || "0") });
  }

  async Remove(ctx: Context, argument: string): Promise<string> {
    const { key } = JSON.parse(argument) as { key: string };
    await ctx.stub.deleteState(key);
    return "null";
  }

  async List(ctx: Context, argument: string): Promise<string> {
    const { end, start } = JSON.parse(argument) as { start: string; end: string };
    const keys: string[] = [];
    for await (const { key } of ctx.stub.getStateByRange(start, end)) keys.push(key);
    return JSON.stringify({ keys });
  }

  async History(ctx: Context, argument: string): Promise<string> {
    const { key } = JSON.parse(argument) as { key: string };
    const values: string[] = [];
    for await (const { value, isDelete } of ctx.stub.getHistoryForKey(key)) {
      values.push(isDelete ? "deleted" : Buffer.from(value).toString());
    }
    return JSON.stringify({ values });
  }

  async Refuse(): Promise<string> {
    throw new Error("COUNTER_REFUSED: as it was asked to");
  }

  async WhoAmI(ctx: Context): Promise<string> {
    const { clientIdentity, stub } = ctx;
    const { seconds } = stub.getTxTimestamp();
    return JSON.stringify({
      mspId: clientIdentity.getMSPID(),
      role: clientIdentity.getAttributeValue("role"),
      seconds: seconds.toString(),
      transactionId: stub.getTxID(),
    });
  }

  /** Differs each time it runs: what a contract must not do. */
  async Draw(ctx: Context): Promise<string> {
    await ctx.stub.putState("drawn", Buffer.from(String(process.hrtime.bigint())));
    return "null";
  }

  /** From then on the key is written only with the endorsement of these organisations' peers. */
  async Guard(ctx: Context, argument: string): Promise<string> {
    const { key, mspIds } = JSON.parse(argument) as { key: string; mspIds: string[] };
    const policy = new KeyEndorsementPolicy();
    policy.addOrgs("PEER", ...mspIds);
    await ctx.stub.setStateValidationParameter(key, policy.getPolicy());
    return "null";
  }

  async Guards(ctx: Context, argument: string): Promise<string> {
    const { key } = JSON.parse(argument) as { key: string };
    const policy = await ctx.stub.getStateValidationParameter(key);
    return JSON.stringify({ mspIds: policy === undefined ? [] : new KeyEndorsementPolicy(policy).listOrgs() });
  }

  /** Keeps the private value of the transient field `value` in the collection. */
  async KeepSecret(ctx: Context, argument: string): Promise<string> {
    const { collection, key } = JSON.parse(argument) as { collection: string; key: string };
    await ctx.stub.putPrivateData(collection, key, ctx.stub.getTransient().get("value") ?? new Uint8Array());
    return "null";
  }

  async Secret(ctx: Context, argument: string): Promise<string> {
    const { collection, key } = JSON.parse(argument) as { collection: string; key: string };
    const value = await ctx.stub.getPrivateData(collection, key);
    return JSON.stringify({ value: Buffer.from(value).toString() });
  }
}
