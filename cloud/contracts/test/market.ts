/** A small market to test with: aggregator, two virtual nodes, their devices, and money on every account. */
import { createPublicKey } from "node:crypto";
import { ZERO_HASH } from "@gridpact/proto";
import { canonicalJson, type Interval, type JsonValue } from "@gridpact/settlement";
import {
  baselineCommitment,
  type Evidence,
  type Programme,
  privateHashHex,
  ROLE_MSP_IDS,
  type Role,
  readResult,
  type Sc1Terms,
  type Sc2Terms,
  type SupplyAgreement,
  type SupplyTerms,
  type TransactionArgument,
  type TransactionName,
  type TransactionResult,
  termsHash,
} from "../src/index.ts";
import { type Identity, issueIdentity, privateKeyOf } from "./certificate.ts";
import { Feid, type Signed } from "./feid.ts";
import { MemoryLedger } from "./memory-ledger.ts";
import { merklePath, merkleRoot } from "./merkle-tree.ts";

export const MTU_MS = 900_000;
/** 2016-01-28T18:00:00Z. */
export const EVENT_START_UNIX_MS = 1_454_004_000_000;
export const BEFORE_EVENT_UNIX_MS = EVENT_START_UNIX_MS - 3_600_000;
export const HASH = "ab".repeat(32);

export function intervalsFrom(startUnixMs: number, count: number): Interval[] {
  return Array.from({ length: count }, (_, index) => ({
    startUnixMs: startUnixMs + index * MTU_MS,
    endUnixMs: startUnixMs + (index + 1) * MTU_MS,
  }));
}

/** A member of staff of an organisation: any role but prosumer. */
export function staff(role: Exclude<Role, "prosumer">, vnId?: string): Identity {
  return issueIdentity({
    mspId: ROLE_MSP_IDS[role][0] ?? "",
    commonName: `${role} ${vnId ?? ""}`,
    attributes: vnId === undefined ? { role } : { role, vnId },
    publicKey: createPublicKey(privateKeyOf(`${role} ${vnId}`)),
  });
}

export const AGGREGATOR = staff("aggregator");
export const ADMINISTRATOR = staff("administrator");
export const AUDITOR = staff("auditor");
export const DSO = staff("dso");
export const DISTRICT = staff("vn", "district");
export const OFFICES = staff("vn", "offices");

/** The virtual nodes of every market. */
export const NODES = { district: DISTRICT, offices: OFFICES };

export type NodeId = keyof typeof NODES;

/** Envelopes of a device with the place that each has in an anchored batch of a node. */
export type Anchored = {
  readonly signed: Signed;
  readonly vnId: NodeId;
  readonly batchNo: number;
  readonly leafIndex: number;
};

export class Market {
  readonly ledger: MemoryLedger;
  /** The clock of every client. */
  nowUnixMs = BEFORE_EVENT_UNIX_MS;
  #chunks = 0;
  readonly #batches: Record<NodeId, { leaves: Uint8Array[]; rootHex: string }[]> = { district: [], offices: [] };

  constructor(ledger: MemoryLedger) {
    this.ledger = ledger;
  }

  async submit<N extends TransactionName>(
    caller: Identity,
    name: N,
    argument: TransactionArgument<N>,
    transient: ReadonlyMap<string, string> = new Map(),
  ): Promise<TransactionResult<N>> {
    const call = { name, args: [canonicalJson(argument)], atUnixMs: this.nowUnixMs, transient };
    return readResult(name, JSON.parse(await this.ledger.submit(caller, call)) as JsonValue);
  }

  /** Registers a virtual node with funds. */
  async addVirtualNode(vnId: string): Promise<void> {
    await this.submit(AGGREGATOR, "registry:RegisterVirtualNode", { vnId, mspId: "VnMSP" });
    await this.mint(`vn:${vnId}`, 1_000_000_000n);
  }

  /** Enrols a device with funds. */
  async addDevice(vn: Identity, vnId: string, deviceId: string): Promise<Feid> {
    const feid = new Feid(deviceId);
    await this.submit(vn, "registry:EnrolDevice", {
      deviceId,
      publicKeyHex: feid.publicKeyHex,
      vnId,
      mspId: "VnMSP",
      enrolmentRequestHex: Buffer.from(feid.enrolmentRequest()).toString("hex"),
    });
    await this.mint(`feid:${deviceId}`, 1_000_000n);
    return feid;
  }

  async mint(accountId: string, amountMicro: bigint): Promise<void> {
    await this.submit(ADMINISTRATOR, "accounts:Mint", { accountId, amountMicro });
  }

  /** Two organisations, one of them neutral, say that an instant has passed; the clients' clocks move there. */
  async pass(instantUnixMs: number): Promise<void> {
    this.nowUnixMs = Math.max(this.nowUnixMs, instantUnixMs);
    for (const caller of [AGGREGATOR, DSO]) await this.submit(caller, "time:AttestInstant", { instantUnixMs });
  }

  /** Anchors envelopes as the next batch of a node. */
  async anchor(envelopes: readonly Signed[], vnId: NodeId = "district"): Promise<Anchored[]> {
    const batches = this.#batches[vnId];
    const leaves = envelopes.map(({ leafHash }) => leafHash);
    const batchNo = batches.length;
    const rootHex = Buffer.from(merkleRoot(leaves)).toString("hex");
    const prevRootHex = batches.at(-1)?.rootHex ?? Buffer.from(ZERO_HASH).toString("hex");
    const batch = { vnId, batchNo, size: leaves.length, rootHex, prevRootHex };
    await this.submit(NODES[vnId], "anchors:CommitAnchor", batch);
    batches.push({ leaves, rootHex });
    return envelopes.map((signed, leafIndex) => ({ signed, vnId, batchNo, leafIndex }));
  }

  /** Evidence from anchored envelopes; each boundary names an envelope and a reading in it. */
  evidence(envelopes: readonly Anchored[], boundaries: Evidence["boundaries"]): Evidence {
    return { envelopes: envelopes.map((each) => this.proven(each)), boundaries };
  }

  proven({ signed, vnId, batchNo, leafIndex }: Anchored): Evidence["envelopes"][number] {
    const leaves = this.#batches[vnId][batchNo]?.leaves ?? [];
    const pathHex = merklePath(leaves, leafIndex).map((each) => Buffer.from(each).toString("hex"));
    const proof = { batchNo, leafIndex, size: leaves.length, pathHex };
    return { envelopeHex: Buffer.from(signed.bytes).toString("hex"), proof };
  }

  /** Offers one device a contract, in a chunk of its own. */
  offer(terms: Sc2Terms): Promise<TransactionResult<"sc2:SetupDR">> {
    return this.submit(DISTRICT, "sc2:SetupDR", { chunkNo: this.#chunks++, terms });
  }

  /** Offers many devices contracts in one chunk. */
  offerAll(contracts: readonly Sc2Terms[]): Promise<TransactionResult<"sc2:SetupDRBatch">> {
    return this.submit(DISTRICT, "sc2:SetupDRBatch", { chunkNo: this.#chunks++, reserveId: null, contracts });
  }

  /** Every micro there is: on accounts, in pending credits and in contracts. */
  totalMicro(): bigint {
    const { ledger } = this;
    const sum = (prefix: string, field: string) =>
      ledger.entries(prefix).reduce((total, [, value]) => total + BigInt(JSON.parse(value)[field]), 0n);
    return (
      sum("account/", "spendableMicro") +
      sum("credit/", "amountMicro") +
      sum("reserve/", "amountMicro") +
      sum("sc1/", "heldMicro") +
      sum("hedge/", "heldMicro") +
      sum("sc2/", "heldMicro")
    );
  }

  /** Everything minted so far and not burned. */
  async mintedMicro(): Promise<bigint> {
    const { mintedMicro, burnedMicro } = await this.submit(AUDITOR, "accounts:GetSupply", {});
    return mintedMicro - burnedMicro;
  }

  async balanceMicro(accountId: string): Promise<bigint> {
    return (await this.submit(AUDITOR, "accounts:GetAccount", { accountId })).balanceMicro;
  }
}

/** A market with both virtual nodes, a rich aggregator, and devices `feid-1`.. of the district. */
export async function openMarket(
  deviceCount: number,
  ledger = new MemoryLedger(),
): Promise<{ market: Market; feids: Feid[] }> {
  const market = new Market(ledger);
  await market.addVirtualNode("district");
  await market.addVirtualNode("offices");
  await market.mint("aggregator", 1_000_000_000n);
  const feids: Feid[] = [];
  for (let number = 1; number <= deviceCount; number += 1) {
    feids.push(await market.addDevice(DISTRICT, "district", `feid-${number}`));
  }
  return { market, feids };
}

export function sc1Terms(changes: Partial<Sc1Terms> = {}): Sc1Terms {
  return {
    contractId: "sc1-1",
    eventId: "event-1",
    programmeId: "default",
    vnId: "district",
    intervals: intervalsFrom(EVENT_START_UNIX_MS, 2),
    orderedWh: [2_000n, 2_000n],
    priceMicroPerWh: 300n,
    penaltyMicroPerWh: 200n,
    penaltyCapMicro: 500_000n,
    baselineMethod: "tenInTen",
    fallbackVnIds: ["offices"],
    acceptanceProofHashHex: HASH,
    ...changes,
  };
}

export function sc2Terms(deviceId: string, changes: Partial<Sc2Terms> = {}): Sc2Terms {
  return {
    contractId: `sc2-1-${deviceId}`,
    sc1Id: "sc1-1",
    deviceId,
    intervals: intervalsFrom(EVENT_START_UNIX_MS, 2),
    orderedWh: [1_000n, 1_000n],
    baselineWh: [3_000n, 3_000n],
    priceMicroPerWh: 200n,
    penaltyMicroPerWh: 100n,
    penaltyCapMicro: 150_000n,
    kind: "original",
    ...changes,
  };
}

/** `sc1:AcceptReduction` with 3,000 Wh of baseline for each device and interval. */
export function acceptance(deviceIds: readonly string[]): TransactionArgument<"sc1:AcceptReduction"> {
  const baselines = Object.fromEntries(deviceIds.map((deviceId) => [deviceId, [3_000n, 3_000n]]));
  return {
    contractId: "sc1-1",
    baselineCommitmentHex: baselineCommitment(baselines),
    forecastHashHex: HASH,
    planHashHex: HASH,
    nominatedWh: [2_000n, 2_000n],
    baselines,
  };
}

/** A programme with limits that `sc1Terms` keeps. */
export function programme(changes: Partial<Programme> = {}): Programme {
  return {
    programmeId: "evening",
    expiresAtUnixMs: EVENT_START_UNIX_MS + 86_400_000,
    noticeMs: 900_000,
    requestsPerDayMax: 1,
    availability: { utcOffsetMinutes: 60, weekdays: [1, 2, 3, 4, 5], startMinute: 17 * 60, endMinute: 22 * 60 },
    orderedWhPerIntervalMax: 2_500n,
    orderedWhPerRequestMax: 4_000n,
    priceMicroPerWhMax: 400n,
    penaltyMicroPerWhMax: 300n,
    penaltyCapPerMilleMax: 1_000n,
    baselineMethods: ["tenInTen"],
    policy: {
      incentive: { kind: "energy", capacityMicroPerWh: 0n, tiers: [] },
      deadBandPerMille: 0n,
      holdBackPerMille: 0n,
      disputeWindowMs: 0,
      evidenceWindowMs: 0,
      rulingWindowMs: 0,
    },
    tariff: { importMicroPerWh: 300n, exportMicroPerWh: 80n },
    graceMs: 900_000,
    ...changes,
  };
}

/** What the district and a device agree on beside single requests, as a proposal carries it. */
export function supplyAgreement(feid: Feid, changes: Partial<SupplyTerms> = {}): SupplyAgreement {
  const terms: SupplyTerms = {
    vnId: "district",
    deviceId: feid.deviceId,
    revision: 0,
    saltHex: "5a".repeat(32),
    tariff: { importMicroPerWh: 300n, exportMicroPerWh: 80n },
    nominatedWhPerIntervalMax: 1_500n,
    contact: "by letter",
    ...changes,
  };
  return { terms, signatureHex: feid.consentToHash(privateHashHex(terms)) };
}

/** A cap on the day-ahead price for the event, written by the aggregator for the district. */
export function hedgeTerms(
  changes: Partial<TransactionArgument<"hedges:Offer">> = {},
): TransactionArgument<"hedges:Offer"> {
  return {
    hedgeId: "hedge-1",
    writerId: "aggregator",
    holderId: "vn:district",
    indexId: "day-ahead",
    kind: "cap",
    capMicroPerWh: 100n,
    floorMicroPerWh: null,
    intervals: intervalsFrom(EVENT_START_UNIX_MS, 2),
    quantityWh: [1_000n, 1_000n],
    premiumMicro: 5_000n,
    writerCollateralMicro: 60_000n,
    holderCollateralMicro: 0n,
    settleByUnixMs: EVENT_START_UNIX_MS + 86_400_000,
    ...changes,
  };
}

/** Settles an SC1 from chunks that are settled. */
export function wholeOf(contractId = "sc1-1"): TransactionArgument<"sc1:SettleDR"> {
  return { contractId, chunkNo: null, settlements: [] };
}

/** `sc2:AcceptReduction` of exactly these terms. */
export function consent(terms: Sc2Terms): TransactionArgument<"sc2:AcceptReduction"> {
  return { contractId: terms.contractId, termsHashHex: termsHash(terms), termsText: canonicalJson(terms) };
}
