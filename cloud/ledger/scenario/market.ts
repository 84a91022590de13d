import {
  type Evidence,
  ROLE_MSP_IDS,
  type Role,
  readResult,
  type Sc1Terms,
  type Sc2Terms,
  type TransactionArgument,
  type TransactionName,
  type TransactionResult,
  termsHash,
} from "@gridpact/contracts";
import { SEED_BYTES, signingKeyFromSeed } from "@gridpact/host";
import { ZERO_HASH } from "@gridpact/proto";
import { encodeArgument } from "../src/client/index.ts";
import type { Ledger, LedgerArgument, LedgerIdentity, MspId } from "../src/index.ts";
import { Feid, type Signed } from "./feid.ts";
import { MerkleBatch } from "./merkle-batch.ts";
import type { ScenarioWorld } from "./world.ts";

/** As in the demonstration. */
export const MTU_MS = 900_000;
const HASH = "ab".repeat(32);

/** A transaction that may change the ledger, or a query of it, and what came of it. */
export type Submit = <N extends TransactionName>(
  ledger: Ledger,
  name: N,
  argument: TransactionArgument<N>,
) => Promise<TransactionResult<N>>;

/** A batch of envelopes, and its number on the ledger. */
export type AnchoredBatch = { batchNo: number; batch: MerkleBatch };

/** The people of a small market, each with a client of the ledger. */
export class Market {
  readonly world: ScenarioWorld;
  readonly vnId: string;
  readonly administrator: Ledger;
  readonly aggregator: Ledger;
  readonly auditor: Ledger;
  readonly dso: Ledger;
  readonly vn: Ledger;
  /** First interval of the market's event: an hour away, on a boundary of the market. */
  readonly eventStartUnixMs: number;
  readonly #identities = new Map<Feid, Ledger>();
  #nextBatchNo = 0;
  #rootHex = Buffer.from(ZERO_HASH).toString("hex");

  constructor(world: ScenarioWorld, vnId = "district") {
    this.world = world;
    this.vnId = vnId;
    const staff = (role: Exclude<Role, "prosumer">, attributes: Record<string, string> = {}) => {
      const mspId = ROLE_MSP_IDS[role][0] as MspId;
      return world.clientOf(world.issue({ mspId, commonName: role, attributes: { role, ...attributes } }));
    };
    this.administrator = staff("administrator");
    this.aggregator = staff("aggregator");
    this.auditor = staff("auditor");
    this.dso = staff("dso");
    this.vn = staff("vn", { vnId });
    this.eventStartUnixMs = Math.ceil((world.clock.nowUnixMs() + 3_600_000) / MTU_MS) * MTU_MS;
  }

  /** The virtual node's own. */
  get vnAccountId(): string {
    return `vn:${this.vnId}`;
  }

  /** Registers the virtual node and gives it and the aggregator money. */
  async open(amountMicro = 1_000_000_000_000n): Promise<void> {
    await submit(this.aggregator, "registry:RegisterVirtualNode", { vnId: this.vnId, mspId: "VnMSP" });
    await submit(this.administrator, "accounts:Mint", { accountId: this.vnAccountId, amountMicro });
    await submit(this.administrator, "accounts:Mint", { accountId: "aggregator", amountMicro });
  }

  /** Makes a device and has it enrolled; with money for its deposits. */
  async enrol(deviceId: string, amountMicro = 1_000_000n): Promise<Feid> {
    const attributes = { role: "prosumer", deviceId };
    const key = signingKeyFromSeed(this.world.random.bytes(SEED_BYTES));
    const person = { mspId: "VnMSP", commonName: deviceId, attributes, key } as const;
    const feid = new Feid(deviceId, key, () => this.world.issue(person));
    await submit(this.vn, "registry:EnrolDevice", {
      deviceId,
      publicKeyHex: feid.publicKeyHex,
      vnId: this.vnId,
      mspId: "VnMSP",
      enrolmentRequestHex: feid.enrolmentRequestHex(),
    });
    if (amountMicro > 0n)
      await submit(this.administrator, "accounts:Mint", { accountId: `feid:${deviceId}`, amountMicro });
    return feid;
  }

  /** The device's own client. */
  clientOf(feid: Feid): Ledger {
    const known = this.#identities.get(feid) ?? this.world.clientOf(feid.identity as LedgerIdentity);
    this.#identities.set(feid, known);
    return known;
  }

  intervals(count = 2, first = 0) {
    return Array.from({ length: count }, (_, index) => ({
      startUnixMs: this.eventStartUnixMs + (first + index) * MTU_MS,
      endUnixMs: this.eventStartUnixMs + (first + index + 1) * MTU_MS,
    }));
  }

  sc1Terms(changes: Partial<Sc1Terms> = {}): Sc1Terms {
    return {
      contractId: "sc1-1",
      eventId: "event-1",
      programmeId: "default",
      vnId: this.vnId,
      intervals: this.intervals(),
      orderedWh: [2_000n, 2_000n],
      priceMicroPerWh: 300n,
      penaltyMicroPerWh: 200n,
      penaltyCapMicro: 500_000n,
      baselineMethod: "tenInTen",
      fallbackVnIds: [],
      acceptanceProofHashHex: HASH,
      ...changes,
    };
  }

  sc2Terms(deviceId: string, changes: Partial<Sc2Terms> = {}): Sc2Terms {
    return {
      contractId: `sc2-1-${deviceId}`,
      sc1Id: "sc1-1",
      deviceId,
      intervals: this.intervals(),
      orderedWh: [1_000n, 1_000n],
      baselineWh: [3_000n, 3_000n],
      priceMicroPerWh: 200n,
      penaltyMicroPerWh: 100n,
      penaltyCapMicro: 150_000n,
      kind: "original",
      ...changes,
    };
  }

  /** Anchors envelopes of the virtual node as its next batch; keeps none of it, as a season has hundreds. */
  async anchor(envelopes: readonly Signed[]): Promise<AnchoredBatch> {
    const batch = new MerkleBatch(envelopes.map(({ leafHash }) => leafHash));
    const batchNo = this.#nextBatchNo++;
    const rootHex = batch.rootHex();
    const anchor = { vnId: this.vnId, batchNo, size: batch.size, rootHex, prevRootHex: this.#rootHex };
    await submit(this.vn, "anchors:CommitAnchor", anchor);
    this.#rootHex = rootHex;
    return { batchNo, batch };
  }

  async balanceMicro(accountId: string): Promise<bigint> {
    await this.world.caughtUp();
    return (await query(this.auditor, "accounts:GetAccount", { accountId })).balanceMicro;
  }
}

/** Evidence of envelopes at these places of an anchored batch, one reading for each boundary. */
export function evidenceIn(
  { batchNo, batch }: AnchoredBatch,
  envelopes: readonly { signed: Signed; leafIndex: number }[],
): Evidence {
  return {
    envelopes: envelopes.map(({ signed, leafIndex }) => ({
      envelopeHex: Buffer.from(signed.bytes).toString("hex"),
      proof: { batchNo, leafIndex, size: batch.size, pathHex: batch.pathHex(leafIndex) },
    })),
    boundaries: envelopes.map((_, envelope) => ({ envelope, reading: 0 })),
  };
}

/** Readings of a device at the boundaries of its contract's intervals, one envelope each. */
export function meterContract(feid: Feid, { intervals }: Sc2Terms, actualWh: readonly bigint[]): Signed[] {
  let importWh = 1_000_000n;
  const first = feid.meter(intervals[0]?.startUnixMs ?? 0, importWh);
  const others = intervals.map(({ endUnixMs }, index) => {
    importWh += actualWh[index] ?? 0n;
    return feid.meter(endUnixMs, importWh);
  });
  return [first, ...others];
}

/** `sc2:AcceptReduction` of exactly these terms. */
export function consent(terms: Sc2Terms): TransactionArgument<"sc2:AcceptReduction"> {
  return { contractId: terms.contractId, termsHashHex: termsHash(terms), termsText: encodeArgument(asArgument(terms)) };
}

/** Commits a transaction. @throws LedgerError of the phase that failed */
export const submit: Submit = async (ledger, name, argument) => {
  const { result } = await ledger.execute(name, asArgument(argument));
  return readResult(name, result as never);
};

/** Asks the ledger. @throws EvaluateError */
export const query: Submit = async (ledger, name, argument) =>
  readResult(name, (await ledger.evaluate(name, asArgument(argument))) as never);

/** Arguments of transactions are plain data, which their types cannot say. */
function asArgument(argument: object): LedgerArgument {
  return argument as LedgerArgument;
}
