import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Where the devices of a FEID host stand, all together; counts since its start. */
export type FleetStatus = {
  devices: number;
  running: number;
  /** Device and reason. */
  failed: string[];
  /** To be sent in this run: measured in it, or left from an earlier one. */
  readingsSent: number;
  readingsAcked: number;
  envelopesWaiting: number;
  readingsUnsigned: number;
};

/** Serves the status as JSON on `/status`. */
export async function serveFleetStatus(
  endpoint: { host: string; port: number },
  status: () => FleetStatus,
): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(status()));
  });
  await new Promise<void>((resolve) => {
    server.listen(endpoint.port, endpoint.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve, reject) => {
        server.closeAllConnections();
        server.close((error) => (error ? reject(error) : resolve()));
      }),
  };
}
