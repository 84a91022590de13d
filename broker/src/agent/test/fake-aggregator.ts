import type {
  ClusterGuidance,
  DrReport,
  DrRequest,
  DrResponse,
  MoveOrder,
  MoveReport,
  ProsumerSummary,
  VirtualNodeProfile,
} from "@gridpact/proto";
import type { AggregatorLink } from "../links.ts";
import type { FakeChain } from "./fake-chain.ts";
import type { Sc1Terms } from "./fake-contracts.ts";

/** An aggregator that sends what it is given, sets up SC1 for what is accepted, and pays what is settled. */
export class FakeAggregator implements AggregatorLink {
  readonly requests: DrRequest[] = [];
  readonly responses = new Map<string, DrResponse>();
  readonly reports = new Map<string, DrReport[]>();
  readonly profiles: VirtualNodeProfile[] = [];
  readonly described: ProsumerSummary[] = [];
  readonly moveReports: (readonly MoveReport[])[] = [];
  moveOrders: MoveOrder[] = [];
  readonly guidance: ClusterGuidance = {
    guidelines: { membersMin: 2, membersMax: 9, capacityWMax: 9_000, movesMax: 1, dwellMs: 1, gainPerMilleMin: 20 },
    moves: [{ memberId: "a", fromVnId: "district", toVnId: "offices" }],
  };
  /** While true every call fails. */
  isDown = false;
  /** Thrown by `respond` when it is set. */
  responseRefusal: Error | undefined;
  /** What SC1 says other than was accepted. */
  twist: Partial<Sc1Terms> = {};
  /** While true no SC1 is set up. */
  isHoldingBack = false;
  /** While false nothing is paid. */
  isPaying = true;
  readonly #chain: FakeChain;

  constructor(chain: FakeChain) {
    this.#chain = chain;
  }

  async register(profile: VirtualNodeProfile): Promise<void> {
    this.#demandUp();
    this.profiles.push(profile);
  }

  async describe(_: string, summaries: readonly ProsumerSummary[]): Promise<ClusterGuidance> {
    this.#demandUp();
    this.described.push(...summaries);
    return this.guidance;
  }

  async exchangeMoves(_: string, reports: readonly MoveReport[]): Promise<MoveOrder[]> {
    this.#demandUp();
    this.moveReports.push(reports);
    return this.moveOrders;
  }

  async pollRequests(): Promise<DrRequest[]> {
    this.#demandUp();
    return this.requests.filter(({ requestId }) => !this.responses.has(requestId));
  }

  async respond(requestId: string, response: DrResponse): Promise<void> {
    this.#demandUp();
    if (this.responseRefusal !== undefined) throw this.responseRefusal;
    if (!this.responses.has(requestId)) this.responses.set(requestId, response);
  }

  async report(requestId: string, report: DrReport): Promise<void> {
    this.#demandUp();
    const known = this.reports.get(requestId) ?? [];
    if (known.some(({ intervalIndex }) => intervalIndex === report.intervalIndex)) return;
    this.reports.set(requestId, [...known, report]);
  }

  /** The aggregator's own steps on the ledger. */
  tick(): void {
    if (this.#chain.isDown) return;
    for (const request of this.requests) {
      const response = this.responses.get(request.requestId);
      const contract = this.#chain.contracts.sc1.get(request.contractId);
      if (response?.isAccepted && contract === undefined && !this.isHoldingBack) this.#setUp(request, response);
      if (contract?.state === "settled" && this.isPaying) this.#complete(request.contractId);
    }
  }

  #complete(contractId: string): void {
    const chunkNos = new Set(this.#chain.contracts.under(contractId).map(({ chunkNo }) => chunkNo));
    for (const chunkNo of [...chunkNos, null]) this.#chain.act("sc1:DRCompletion", { contractId, chunkNo });
  }

  #setUp({ respondByUnixMs: _, requestId: __, ...terms }: DrRequest, response: DrResponse): void {
    const { nominatedWh: orderedWh, acceptanceProofHashHex } = response;
    this.#chain.act("sc1:SetupDR", { ...terms, orderedWh, acceptanceProofHashHex, ...this.twist });
  }

  #demandUp(): void {
    if (this.isDown) throw new Error("the aggregator does not answer");
  }
}
