import type { Channel, DrReport, DrRequest, DrResponse, VirtualNodeProfile } from "@gridpact/proto";

/** The way from the VN up to its aggregator. Every call may fail and be made again; each is idempotent. */
export interface AggregatorLink {
  register(profile: VirtualNodeProfile): Promise<void>;
  pollRequests(vnId: string): Promise<DrRequest[]>;
  respond(requestId: string, response: DrResponse): Promise<void>;
  report(requestId: string, report: DrReport): Promise<void>;
}

/** The way from the VN down to a device. Resolves when the message is handed to the session, not when obeyed. */
export interface DeviceLink {
  send(deviceId: string, channel: Channel, bytes: Uint8Array): Promise<void>;
}
