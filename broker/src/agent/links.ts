import type {
  Channel,
  ClusterGuidance,
  DrReport,
  DrRequest,
  DrResponse,
  MoveOrder,
  MoveReport,
  ProsumerSummary,
  VirtualNodeProfile,
} from "@gridpact/proto";

/** The way from the VN up to its aggregator. Every call may fail and be made again; each is idempotent. */
export interface AggregatorLink {
  register(profile: VirtualNodeProfile): Promise<void>;
  /** What of some prosumers is news, for clusters. */
  describe(vnId: string, summaries: readonly ProsumerSummary[]): Promise<ClusterGuidance>;
  /** Tells where moves stand, and hears of those that the node has a part in. */
  exchangeMoves(vnId: string, reports: readonly MoveReport[]): Promise<MoveOrder[]>;
  pollRequests(vnId: string): Promise<DrRequest[]>;
  respond(requestId: string, response: DrResponse): Promise<void>;
  report(requestId: string, report: DrReport): Promise<void>;
}

/** The way from the VN down to a device. Resolves when the message is handed to the session, not when obeyed. */
export interface DeviceLink {
  send(deviceId: string, channel: Channel, bytes: Uint8Array): Promise<void>;
}

/** The aggregator's answers that will not change when the call is made again. */
const FINAL_REFUSALS = new Set([
  "UNKNOWN_REQUEST",
  "RESPONSE_INVALID",
  "RESPONSE_CONFLICT",
  "RESPONSE_TOO_LATE",
  "REPORT_INVALID",
  "NOT_YOURS",
]);

/** The aggregator's own code when it refused a call for good, undefined when the failure may pass. */
export function linkRefusal(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" && FINAL_REFUSALS.has(error.code) ? error.code : undefined;
}
