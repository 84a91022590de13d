import type { Evidence, Sc2Terms, TransactionArgument } from "@gridpact/contracts";
import { acceptance, baselinesOf, deliver } from "./event.ts";
import type { Feid } from "./feid.ts";
import { type Market, MTU_MS, query, submit } from "./market.ts";

/** Contracts in one transaction; the contracts' own bound for a chunk. */
export const CHUNK_SIZE = 200;

/** Baselines in one transaction: some 100 bytes each. */
const BASELINES_SIZE = 1_000;

/** Small transactions under way at a time: enough to fill blocks, and few enough that none waits for seconds. */
const UNDER_WAY = 64;

/**
 * Chunks under way at a time. A peer's contracts have one thread and a chunk takes it a good part of a second, so these
 * keep it busy while others are ordered; more would only wait, and Fabric gives a contract 30 s for its answer.
 */
const CHUNKS_UNDER_WAY = 4;

/** Each device is asked for 1,000 Wh in each of two intervals, delivers them, and is paid for all of it. */
export const EARNED_MICRO = 200n * 2_000n;

type Consent = TransactionArgument<"sc2:AcceptReductionBatch">["consents"][number];

/** One event of one virtual node with any number of devices, chunk by chunk. */
export class BulkEvent {
  readonly contractId: string;
  readonly #market: Market;
  readonly #feids: readonly Feid[];
  readonly #startUnixMs: number;
  readonly #depositMicro: bigint;
  #evidence: readonly Evidence[] = [];

  /** The devices' accounts MUST hold the deposit. */
  constructor(market: Market, name: string, feids: readonly Feid[], depositMicro = 0n) {
    this.contractId = `sc1-${name}`;
    this.#market = market;
    this.#feids = feids;
    this.#startUnixMs = Math.ceil((market.world.clock.nowUnixMs() + 3_600_000) / MTU_MS) * MTU_MS;
    this.#depositMicro = depositMicro;
  }

  /** SC1, the baselines of all devices, and the virtual node's acceptance. */
  async setUpSc1(): Promise<void> {
    const orderedWh = BigInt(this.#feids.length) * 1_000n;
    const terms = this.#market.sc1Terms({
      contractId: this.contractId,
      eventId: this.contractId,
      intervals: this.#intervals(),
      orderedWh: [orderedWh, orderedWh],
    });
    await submit(this.#market.aggregator, "sc1:SetupDR", terms);
    const [last = [], ...others] = inGroups(this.#feids, BASELINES_SIZE).reverse();
    await inParallel(others, CHUNKS_UNDER_WAY, async (group) => {
      const baselines = baselinesOf(group.map(({ deviceId }) => deviceId));
      await submit(this.#market.vn, "sc1:CommitBaselines", { contractId: this.contractId, baselines });
    });
    const accepted = acceptance(
      last.map(({ deviceId }) => deviceId),
      this.contractId,
    );
    await submit(this.#market.vn, "sc1:AcceptReduction", { ...accepted, nominatedWh: [orderedWh, orderedWh] });
  }

  /** Offers every device its contract. The money of each chunk is set aside first, so that chunks do not meet. */
  async offer(): Promise<void> {
    const chunks = [...inGroups(this.#feids, CHUNK_SIZE).entries()];
    const reserves = chunks.map(([chunkNo, group]) => ({
      reserveId: this.#reserveId(chunkNo),
      amountMicro: BigInt(group.length) * EARNED_MICRO,
    }));
    await submit(this.#market.vn, "accounts:Reserve", { accountId: this.#market.vnAccountId, reserves });
    await inParallel(chunks, CHUNKS_UNDER_WAY, async ([chunkNo, group]) => {
      const contracts = group.map((feid) => this.termsOf(feid));
      await submit(this.#market.vn, "sc2:SetupDRBatch", { chunkNo, reserveId: this.#reserveId(chunkNo), contracts });
    });
  }

  /** Every device signs its terms, offline, by a processor of its own. */
  signConsents(): Consent[] {
    return this.#feids.map((feid) => {
      const terms = this.termsOf(feid);
      return { contractId: terms.contractId, signatureHex: feid.consentTo(terms) };
    });
  }

  /** The virtual node hands in what devices signed, a chunk at a time. */
  async accept(consents: readonly Consent[] = this.signConsents()): Promise<void> {
    await inParallel(inGroups(consents, CHUNK_SIZE), CHUNKS_UNDER_WAY, async (group) => {
      await submit(this.#market.vn, "sc2:AcceptReductionBatch", { consents: group });
    });
  }

  /** The event passes; readings are signed and anchored in one batch. */
  async meter(): Promise<void> {
    await this.#market.world.setTime(this.#startUnixMs + 2 * MTU_MS + 60_000);
    const deliveries = this.#feids.map((feid) => ({
      feid,
      terms: this.termsOf(feid),
      actualWh: [2_000n, 2_000n],
    }));
    this.#evidence = await deliver(this.#market, deliveries);
  }

  /** Settlement of one device's contract by its evidence, as an argument. */
  settlementOf(index: number): { contractId: string; evidence: Evidence | null } {
    const feid = this.#feids[index];
    if (feid === undefined) throw new RangeError(`no device ${index}`);
    return { contractId: this.termsOf(feid).contractId, evidence: this.#evidence[index] ?? null };
  }

  /** Chunks with the evidence of all their contracts, side by side; then the SC1. */
  async settle(): Promise<void> {
    const indexes = this.#feids.map((_, index) => index);
    await inParallel([...inGroups(indexes, CHUNK_SIZE).entries()], CHUNKS_UNDER_WAY, async ([chunkNo, group]) => {
      const settlements = group.map((index) => this.settlementOf(index));
      await submit(this.#market.vn, "sc1:SettleDR", { contractId: this.contractId, chunkNo, settlements });
    });
    await this.settleWhole();
  }

  settleWhole() {
    return submit(this.#market.vn, "sc1:SettleDR", { contractId: this.contractId, chunkNo: null, settlements: [] });
  }

  /** Adds up chunks whose contracts were settled one by one. */
  async sumChunks(): Promise<void> {
    for (const chunkNo of inGroups(this.#feids, CHUNK_SIZE).keys()) {
      await submit(this.#market.vn, "sc1:SettleDR", { contractId: this.contractId, chunkNo, settlements: [] });
    }
  }

  async complete(): Promise<void> {
    const chunkNos = [...inGroups(this.#feids, CHUNK_SIZE).keys()];
    await inParallel(chunkNos, CHUNKS_UNDER_WAY, async (chunkNo) => {
      await submit(this.#market.aggregator, "sc1:DRCompletion", { contractId: this.contractId, chunkNo });
    });
    await submit(this.#market.aggregator, "sc1:DRCompletion", { contractId: this.contractId, chunkNo: null });
  }

  /** How many devices hold something else than what they had and what they earned. */
  async misPaid(beforeMicro: bigint): Promise<number> {
    await this.#market.world.caughtUp();
    let wrong = 0;
    await inParallel(this.#feids, UNDER_WAY, async ({ deviceId }) => {
      const accountId = `feid:${deviceId}`;
      const { balanceMicro } = await query(this.#market.auditor, "accounts:GetAccount", { accountId });
      if (balanceMicro !== beforeMicro + EARNED_MICRO) wrong += 1;
    });
    return wrong;
  }

  termsOf({ deviceId }: Feid): Sc2Terms {
    return this.#market.sc2Terms(deviceId, {
      contractId: `${this.contractId}-${deviceId}`,
      sc1Id: this.contractId,
      intervals: this.#intervals(),
      penaltyCapMicro: this.#depositMicro,
    });
  }

  #reserveId(chunkNo: number): string {
    return `${this.contractId}-${chunkNo}`;
  }

  #intervals() {
    return [0, 1].map((index) => ({
      startUnixMs: this.#startUnixMs + index * MTU_MS,
      endUnixMs: this.#startUnixMs + (index + 1) * MTU_MS,
    }));
  }
}

/** Enrols devices side by side. */
export async function enrolMany(market: Market, name: string, count: number): Promise<Feid[]> {
  const deviceIds = Array.from({ length: count }, (_, index) => `${name}-${index}`);
  const feids: Feid[] = [];
  await inParallel(deviceIds, UNDER_WAY, async (deviceId) => {
    feids.push(await market.enrol(deviceId, 0n));
  });
  return feids;
}

/** Runs a task for each item, so many at a time. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  task: (item: T) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const work = async () => {
    for (let index = next++; index < items.length; index = next++) await task(items[index] as T);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, work));
}

/** The last group may be smaller. */
export function inGroups<T>(items: readonly T[], size: number): T[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}
