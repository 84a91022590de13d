import {
  type ChainInfo,
  type Committed,
  EndorseError,
  EvaluateError,
  type LedgerArgument,
  SubmitError,
} from "@gridpact/ledger";
import {
  type DeviceSettlement,
  reviveUnits,
  settle,
  settleVirtualNode,
  type VirtualNodeSettlement,
  writeUnitJson,
} from "@gridpact/settlement";

type Interval = { startUnixMs: number; endUnixMs: number };
type Terms = {
  contractId: string;
  programmeId: string;
  vnId: string;
  intervals: Interval[];
  orderedWh: bigint[];
  priceMicroPerWh: bigint;
  penaltyMicroPerWh: bigint;
  penaltyCapMicro: bigint;
  fallbackVnIds: string[];
};
type State = "proposed" | "accepted" | "settled" | "completed" | "expired";
type Sc1 = { terms: Terms; state: State; settlement: VirtualNodeSettlement | null };
type Sc2 = {
  terms: Omit<Terms, "vnId"> & { deviceId: string; kind: "original" | "replacement" };
  state: State;
  settlement: DeviceSettlement | null;
};

/** What a device of a virtual node did, for the test to say. */
export type DeviceResult = { deviceId: string; kind?: "original" | "replacement"; deliveredWh: bigint[] };

/**
 * The contracts as far as the aggregator sees them, in memory. The test plays the virtual node's part: it accepts and
 * settles. Settlement itself is the real one.
 */
export class FakeLedger {
  readonly sc1 = new Map<string, Sc1>();
  readonly sc2 = new Map<string, Sc2>();
  /** Devices that never changed their keys, with their nodes. */
  readonly devices = new Map<string, string>();
  readonly registeredVnIds: string[] = [];
  /** Transactions that took effect, in order. */
  readonly effects: string[] = [];
  pendingCredits: { transactionId: string }[] = [];
  /** While true every call fails as if nobody answered. */
  isDown = false;
  /** Programmes as they were published. */
  readonly programmeIds: string[] = [];
  /** While true no node has agreed to any programme. */
  isNobodyEnrolled = false;
  /** SC1 whose devices are paid. */
  readonly #paid = new Set<string>();
  readonly #outcomes = new Map<string, Committed>();

  /** The outbox over this ledger: one effect for each key. */
  readonly outbox = {
    execute: async (key: string, transaction: string, argument: LedgerArgument): Promise<Committed> => {
      if (this.isDown) throw new SubmitError(key, new Error("nobody answers"));
      const known = this.#outcomes.get(key);
      if (known !== undefined) return known;
      this.#apply(transaction, reviveUnits(JSON.parse(writeUnitJson(argument))) as never);
      this.effects.push(transaction);
      const committed = { transactionId: `tx-${this.effects.length}`, blockNumber: this.effects.length, result: null };
      this.#outcomes.set(key, committed);
      return committed;
    },
  };

  async chainInfo(): Promise<ChainInfo> {
    if (this.isDown) throw new EvaluateError("", new Error("nobody answers"));
    const currentBlockHash = Buffer.alloc(32, this.effects.length);
    return { height: this.effects.length + 1, currentBlockHash, previousBlockHash: Buffer.alloc(32) };
  }

  async evaluate(transaction: string, argument: LedgerArgument): Promise<unknown> {
    if (this.isDown) throw new EvaluateError("", new Error("nobody answers"));
    const { contractId, deviceId = "" } = argument as { contractId: string; deviceId?: string };
    if (transaction === "registry:GetDevice") {
      return { vnId: this.devices.get(deviceId), publicKeyHex: "ab", state: "active", revision: 0 };
    }
    if (transaction === "accounts:GetAccount") return { pendingCredits: this.pendingCredits };
    if (transaction === "sc2:GetContract") return asJson(this.sc2.get(contractId));
    const contract = this.sc1.get(contractId);
    if (contract === undefined) throw new EvaluateError("", new Error("chaincode response 500, SC1_UNKNOWN: none"));
    const sc2ContractIds = [...this.sc2.keys()].filter((id) => id.startsWith(`${contractId}/`));
    const chunks = sc2ContractIds.length === 0 ? [] : [{ chunkNo: 0, state: this.#chunkState(contractId) }];
    return asJson({ contract, sc2ContractIds, chunks });
  }

  /** The virtual node accepts its contract. */
  accept(contractId: string): void {
    this.#sc1(contractId, "proposed").state = "accepted";
  }

  /** The virtual node settles; a device's order is what the contract orders, shared evenly by all originals. */
  settle(contractId: string, devices: readonly DeviceResult[]): void {
    const contract = this.#sc1(contractId, "accepted");
    const contributions = devices.map((device) => this.#settleDevice(contract, device));
    const { terms } = contract;
    contract.settlement = settleVirtualNode({
      terms: { direction: "reduce", ...terms },
      intervals: terms.intervals,
      orderedWh: terms.orderedWh,
      contributions,
    });
    contract.state = "settled";
  }

  #settleDevice({ terms }: Sc1, { deviceId, kind = "original", deliveredWh }: DeviceResult) {
    const contractId = `${terms.contractId}/${deviceId}`;
    const own = { ...terms, contractId, deviceId, kind, priceMicroPerWh: terms.priceMicroPerWh / 2n };
    const settlement = settle({
      terms: { direction: "reduce", ...own },
      intervals: own.intervals,
      baselineWh: own.intervals.map(() => 10_000n),
      orderedWh: own.orderedWh,
      actualWh: own.intervals.map((_, index) => 10_000n - (deliveredWh[index] ?? 0n)),
    });
    this.sc2.set(contractId, { terms: own, state: "settled", settlement });
    return { contractId, deviceId, kind, intervals: settlement.intervals };
  }

  #chunkState(contractId: string): "open" | "summed" | "completed" {
    if (this.#paid.has(contractId)) return "completed";
    return this.sc1.get(contractId)?.settlement === null ? "open" : "summed";
  }

  #apply(transaction: string, argument: Terms & { chunkNo: number | null }): void {
    switch (transaction) {
      case "registry:RegisterVirtualNode":
        if (this.registeredVnIds.includes(argument.vnId)) refuse("REGISTRY_VN_EXISTS");
        this.registeredVnIds.push(argument.vnId);
        return;
      case "accounts:Consolidate":
        this.pendingCredits = [];
        return;
      case "programmes:Publish":
        this.programmeIds.push(argument.programmeId);
        return;
      case "sc1:SetupDR":
        if (this.pendingCredits.length > 0) refuse("ACCOUNT_INSUFFICIENT");
        if (this.isNobodyEnrolled) refuse("PROGRAMME_NOT_ENROLLED");
        this.sc1.set(argument.contractId, { terms: argument, state: "proposed", settlement: null });
        return;
      case "sc1:CallFallback":
        this.#callFallback(argument as never);
        return;
      case "sc1:SettleDR":
        this.#sc1(argument.contractId, "proposed").state = "expired";
        return;
      case "sc1:DRCompletion":
        this.#complete(argument);
        return;
      default:
        refuse("ARGUMENT_INVALID");
    }
  }

  /** Whose turn it is and for how much, as the contract has it. */
  #callFallback({ contractId, terms }: { contractId: string; terms: Terms }): void {
    const failed = this.#sc1(contractId, "accepted", "expired");
    const [nextVnId, ...laterVnIds] = failed.terms.fallbackVnIds;
    const isInTurn = terms.vnId === nextVnId && terms.fallbackVnIds.join() === laterVnIds.join();
    if (!isInTurn) refuse("SC1_FALLBACK_OUT_OF_TURN");
    const orders = new Map(
      failed.terms.intervals.map((each, index) => [each.startUnixMs, failed.terms.orderedWh[index]]),
    );
    const isWithin = terms.intervals.every(({ startUnixMs }, index) => {
      return (terms.orderedWh[index] ?? 0n) <= (orders.get(startUnixMs) ?? -1n);
    });
    if (!isWithin) refuse("SC1_FALLBACK_EXCEEDED");
    this.sc1.set(terms.contractId, { terms, state: "proposed", settlement: null });
  }

  /** All devices under an SC1 are one chunk here. */
  #complete({ contractId, chunkNo }: { contractId: string; chunkNo: number | null }): void {
    const contract = this.#sc1(contractId, "settled");
    if (chunkNo !== null) this.#paid.add(contractId);
    else if (this.#chunkState(contractId) === "completed" || !this.#hasDevices(contractId))
      contract.state = "completed";
    else refuse("SC1_CHUNK_WRONG_STATE");
  }

  #hasDevices(contractId: string): boolean {
    return [...this.sc2.keys()].some((id) => id.startsWith(`${contractId}/`));
  }

  #sc1(contractId: string, ...states: State[]): Sc1 {
    const contract = this.sc1.get(contractId);
    if (contract === undefined || !states.includes(contract.state)) return refuse("SC1_WRONG_STATE");
    return contract;
  }
}

function refuse(code: string): never {
  throw new EndorseError("tx", new Error(`chaincode response 500, ${code}: refused by the fake`));
}

function asJson(value: unknown): unknown {
  return JSON.parse(writeUnitJson(value));
}
