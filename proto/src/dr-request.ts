/**
 * The messages between aggregator and virtual node about one DR request, as JSON: integers beyond 2^53 and all
 * energy and money are decimal text on the wire and bigint here.
 */

/** Half-open [startUnixMs, endUnixMs), one market time unit. */
export type RequestInterval = { startUnixMs: number; endUnixMs: number };

/**
 * As requests name it. SC1 terms call the second `highXofY` and the third `meterBeforeAfter`; see
 * `recompute-baseline.ts`.
 */
export type BaselineMethod = "tenInTen" | "highFiveOfTen" | "meterBefore" | "nominated";

/** Fields that are agreed on become the SC1's terms; arrays have one value for each interval. */
export type DrRequest = {
  requestId: string;
  eventId: string;
  vnId: string;
  /** Id that SC1 of this request gets on the ledger. */
  contractId: string;
  intervals: RequestInterval[];
  /** Reduction asked for, Wh per interval. */
  orderedWh: bigint[];
  priceMicroPerWh: bigint;
  penaltyMicroPerWh: bigint;
  penaltyCapMicro: bigint;
  baselineMethod: BaselineMethod;
  fallbackVnIds: string[];
  respondByUnixMs: number;
};

/** An acceptance binds by the SC1 that follows, not by itself. */
export type DrResponse = {
  isAccepted: boolean;
  /** What the VN expects to deliver, Wh per interval; empty when refused. */
  nominatedWh: bigint[];
  /** SHA-256 (hex) of the acceptance document that the VN keeps: becomes part of SC1. Empty when refused. */
  acceptanceProofHashHex: string;
  /** In words, when refused. */
  reason: string;
};

/** Progress of one interval of a running event. */
export type DrReport = { intervalIndex: number; deliveredWh: bigint; shortfallWh: bigint };

/** What a VN tells the aggregator about itself. */
export type VirtualNodeProfile = {
  vnId: string;
  feidCount: number;
  /** Mean import over the newest window, W. */
  importW: number;
  /** Reduction the VN could make now, W. */
  reduceWMax: number;
  /** Share of a reduction that its devices catch up on later: all of a battery's, nothing of a dimmed lamp's. */
  reboundPerMille: number;
  /** What the VN expects to import; left out before it has enough history. */
  forecast?: ImportForecast;
};

/** Import that a VN expects, whole W in each market time unit; nine of ten values lie between lower and upper. */
export type ImportForecast = {
  startUnixMs: number;
  mtuMs: number;
  expectedW: number[];
  lowerW: number[];
  upperW: number[];
};

/** What a VN tells its aggregator of one prosumer, for clusters: statistics, from which nothing is settled. */
export type ProsumerSummary = {
  prosumerId: string;
  /** Members of one node are on one feeder and have contracts of one type. */
  feeder: string;
  contractType: string;
  /** Most that it could reduce, W. */
  capacityW: number;
  /** Usual mean power by hour (UTC), W, import positive: 24 of a working day, then 24 of a weekend. */
  dayW: number[];
  /** Change of power for each degree warmer; null where there is no relation. */
  wattPerKelvin: number | null;
  /** Newest events in which it was called, oldest first. */
  events: { eventId: string; startUnixMs: number; promisedWh: number; deliveredWh: number }[];
};

/** Within what bounds the aggregator forms clusters and lets members move between nodes. */
export type ClusterGuidelines = {
  membersMin: number;
  membersMax: number;
  /** Of all members of a node together. */
  capacityWMax: number;
  /** Members that may change their node in one round. */
  movesMax: number;
  /** A member stays at least so long where it is. */
  dwellMs: number;
  /** A change must lower the expected error by this share, per mille. */
  gainPerMilleMin: number;
};

/** An approved move, as the aggregator tells both nodes; what the device agrees to is in the nodes' own statements. */
export type MoveOrder = {
  moveId: string;
  deviceId: string;
  fromVnId: string;
  toVnId: string;
  feeder: string;
  guidelines: ClusterGuidelines;
  /** The device's Ed25519 key as the ledger has it, hex. */
  publicKeyHex: string;
  /** NodeStatement of the gaining node's MoveTicket, hex; null until that node gave it. */
  ticketHex: string | null;
  /** The gaining node withdraws its ticket; the losing one ends it, unless it has asked the device already. */
  isCancelled: boolean;
};

/**
 * Where a move stands at a node. Of the losing one `waiting` (for contracts with the device), `offered`, `released`,
 * and then `left`, `refused`, `returned` or `cancelled`; of the gaining one `ticketed` and, once its ticket is no more,
 * `closed`.
 */
export type MoveReportState =
  | "waiting"
  | "offered"
  | "released"
  | "left"
  | "refused"
  | "returned"
  | "cancelled"
  | "ticketed"
  | "closed";

/** What a node says of one move. */
export type MoveReport = {
  moveId: string;
  state: MoveReportState;
  /** In words; empty when there is nothing to explain. */
  reason: string;
  /** With `ticketed`: NodeStatement of the ticket, hex, until the aggregator has it; else null. */
  ticketHex: string | null;
};

/** What an aggregator tells a VN about its cluster: the bounds, and the moves from it or to it that it proposes. */
export type ClusterGuidance = {
  guidelines: ClusterGuidelines;
  moves: { memberId: string; fromVnId: string; toVnId: string }[];
};
