/**
 * Random events, each settled three times: by the contract from signed evidence, by the package as a server runs it,
 * and by the package in a browser's realm. Every settlement has to be the same text.
 */
import { createHash, sign } from "node:crypto";
import { encode, envelopeHash, envelopeLeafHash, envelopeSigningBytes, QUALITY, ZERO_HASH } from "@gridpact/proto";
import { canonicalJson, netImportWh, settle } from "@gridpact/settlement";
import { replayTransaction, termsHash } from "../../src/index.ts";
import { privateKeyOf, publicKeyOf } from "../certificate.ts";
import { EVENT_START_UNIX_MS, intervalsFrom, programme, sc2Terms } from "../market.ts";
import { BrowserRealm } from "./browser-realm.ts";

export type Recomputation = {
  events: number;
  /** Over all settlements, so that no work can be left out. */
  digestHex: string;
  /** Events whose three settlements were not one text. */
  differing: number;
};

const INTERVALS_MAX = 4;
const ENERGY_WH_MAX = 5_000;
const MISSING_PER_MILLE = 60;
/** Contracts handed to the realm at a time: one message for some hundred kilobytes of text. */
const BATCH = 200;

const DEVICE_ID = "feid-1";
const KEY = privateKeyOf(DEVICE_ID);

/** A generator of numbers that a seed determines (xorshift32), for events that can be had again. */
class Numbers {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 1;
  }

  /** A whole number from 0 up to, but not including, `end`. */
  below(end: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % end;
  }

  energyWh(): bigint {
    return BigInt(this.below(ENERGY_WH_MAX));
  }
}

export async function recompute({ events, seed }: { events: number; seed: number }): Promise<Recomputation> {
  const numbers = new Numbers(seed);
  const realm = BrowserRealm.open();
  const digest = createHash("sha256");
  let differing = 0;
  try {
    for (let done = 0; done < events; done += BATCH) {
      const batch = Array.from({ length: Math.min(BATCH, events - done) }, () => randomEvent(numbers));
      const browser = await realm.settle(batch.map(({ contractText }) => contractText));
      for (const [index, event] of batch.entries()) {
        const texts = [await byContract(event), event.settlementText, browser[index] ?? ""];
        if (new Set(texts).size !== 1) differing += 1;
        digest.update(texts[0] ?? "");
      }
    }
  } finally {
    await realm.close();
  }
  return { events, digestHex: digest.digest("hex"), differing };
}

type SignedReading = { bytes: Uint8Array; leafHash: Uint8Array; hash: Uint8Array };

type RandomEvent = {
  terms: ReturnType<typeof sc2Terms>;
  deadBandPerMille: bigint;
  envelopes: SignedReading[];
  boundaries: ({ envelope: number; reading: number } | null)[];
  /** As the package takes it, and what it gives. */
  contractText: string;
  settlementText: string;
};

function randomEvent(numbers: Numbers): RandomEvent {
  const intervals = intervalsFrom(EVENT_START_UNIX_MS, 1 + numbers.below(INTERVALS_MAX));
  const [orderedWh, baselineWh] = [intervals.map(() => numbers.energyWh()), intervals.map(() => numbers.energyWh())];
  const prices = { priceMicroPerWh: BigInt(numbers.below(900)), penaltyMicroPerWh: BigInt(numbers.below(900)) };
  const penaltyCapMicro = BigInt(numbers.below(2_000_000));
  const terms = sc2Terms(DEVICE_ID, { intervals, orderedWh, baselineWh, ...prices, penaltyCapMicro });
  const deadBandPerMille = BigInt(numbers.below(300));
  const { envelopes, boundaries, registers } = randomReadings(terms, numbers);
  const settlementTerms = { direction: "reduce" as const, ...prices, penaltyCapMicro, deadBandPerMille };
  const actualWh = netImportWh(registers);
  const contract = { terms: settlementTerms, intervals, baselineWh, orderedWh, actualWh };
  const settlementText = canonicalJson(settle(contract));
  return { terms, deadBandPerMille, envelopes, boundaries, contractText: canonicalJson(contract), settlementText };
}

/** Registers at each boundary, some of them never read. */
function randomReadings({ intervals }: RandomEvent["terms"], numbers: Numbers) {
  const envelopes: SignedReading[] = [];
  const boundaries: RandomEvent["boundaries"] = [];
  const registers: ({ importWh: bigint; exportWh: bigint } | null)[] = [];
  let [importWh, exportWh] = [1_000_000n, 500n];
  const instants = [intervals[0]?.startUnixMs ?? 0, ...intervals.map(({ endUnixMs }) => endUnixMs)];
  for (const atUnixMs of instants) {
    importWh += numbers.energyWh();
    exportWh += BigInt(numbers.below(200));
    if (numbers.below(1_000) < MISSING_PER_MILLE) {
      boundaries.push(null);
      registers.push(null);
      continue;
    }
    boundaries.push({ envelope: envelopes.length, reading: 0 });
    registers.push({ importWh, exportWh });
    const previous = envelopes.at(-1)?.hash ?? ZERO_HASH;
    envelopes.push(signed({ measuredAtUnixMs: BigInt(atUnixMs), importWh, exportWh }, envelopes.length, previous));
  }
  return { envelopes, boundaries, registers };
}

function signed(
  register: { measuredAtUnixMs: bigint; importWh: bigint; exportWh: bigint },
  sequence: number,
  previousEnvelopeHash: Uint8Array,
): SignedReading {
  const payload = encode("EnvelopePayload", {
    deviceId: DEVICE_ID,
    bootEpoch: 1,
    firstSeq: BigInt(sequence),
    previousEnvelopeHash,
    readings: [{ ...register, powerW: 0n, quality: QUALITY.MEASURED }],
  });
  const signature = sign(null, envelopeSigningBytes(payload), KEY);
  return {
    bytes: encode("SignedEnvelope", { payload, signature }),
    leafHash: envelopeLeafHash({ payload, signature }),
    hash: envelopeHash(payload),
  };
}

/** The contract's own transaction, on a state with just what it needs: contract, device, a root for each leaf. */
async function byContract({ terms, deadBandPerMille, envelopes, boundaries }: RandomEvent): Promise<string> {
  const proven = envelopes.map(({ bytes }, batchNo) => ({
    envelopeHex: Buffer.from(bytes).toString("hex"),
    proof: { batchNo, leafIndex: 0, size: 1, pathHex: [] },
  }));
  const { contractId } = terms;
  const state = new Map<string, unknown>([
    [`sc2/${contractId}`, acceptedContract(terms, deadBandPerMille)],
    [`device/${DEVICE_ID}`, DEVICE],
    // The event is over, so that what nobody read is a gap.
    ...["AggregatorMSP", "DsoMSP"].map((mspId): [string, unknown] => attestation(terms, mspId)),
    ...envelopes.map(({ leafHash }, batchNo): [string, unknown] => [
      `anchor/district/${batchNo}`,
      anchor(batchNo, leafHash),
    ]),
  ]);
  const argument = canonicalJson({ contractId, evidence: { envelopes: proven, boundaries } });
  const creator = { mspId: "VnMSP", attributes: { role: "vn", vnId: "district" }, certificatePem: "" };
  const past = { name: "sc2:SettleDR", argument, transactionId: "ab".repeat(32), claimedAtUnixMs: 0, creator };
  const replay = await replayTransaction(past, (key) => {
    const value = state.get(key);
    return value === undefined ? undefined : canonicalJson(value);
  });
  if (replay.ok === "sealed") return "sealed";
  return replay.ok ? canonicalJson((JSON.parse(replay.result) as { settlement: unknown }).settlement) : replay.refusal;
}

const DEVICE = {
  deviceId: DEVICE_ID,
  publicKeyHex: Buffer.from(publicKeyOf(KEY)).toString("hex"),
  vnId: "district",
  mspId: "VnMSP",
  state: "active",
  revision: 0,
};

function acceptedContract(terms: RandomEvent["terms"], deadBandPerMille: bigint): unknown {
  const policy = { ...programme().policy, deadBandPerMille };
  const open = {
    vnId: "district",
    state: "accepted",
    heldMicro: 0n,
    evidenceHashHex: null,
    amendment: null,
    settlement: null,
  };
  return { terms, termsHashHex: termsHash(terms), policy, ...open };
}

function attestation({ intervals }: RandomEvent["terms"], mspId: string): [key: string, value: unknown] {
  const instantUnixMs = intervals.at(-1)?.endUnixMs ?? 0;
  return [`passed/${instantUnixMs}/${mspId}`, { instantUnixMs, mspId }];
}

function anchor(batchNo: number, leafHash: Uint8Array): unknown {
  const rootHex = Buffer.from(leafHash).toString("hex");
  return { vnId: "district", batchNo, size: 1, rootHex, prevRootHex: "00".repeat(32), leavesTotal: batchNo + 1 };
}
