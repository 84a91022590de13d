import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { RunningVirtualNode } from "@gridpact/broker";

/** What k6/virtual-node.js reads; `gridpact load-profile` writes the same for a virtual node that runs already. */
export type LoadProfile = {
  enrolUrl: string;
  mqttHost: string;
  /** PEM file of the authority by which devices know the virtual node. */
  caFile: string;
  /** Without a path; `/ready` and `/metrics` are there. */
  metricsUrl: string;
  /** By the virtual node's clock: readings MUST NOT lie ahead of it. */
  nowUnixMs: number;
  devices: { deviceId: string; token: string }[];
  /** Sends a setpoint to every device when it is posted to; only a host that a load test started has it. */
  fanOutUrl?: string;
};

const OWNER_ONLY = 0o600;

const HOST = "127.0.0.1";

/** Issues a token for each device, which enrols by itself, and writes the profile of one run. */
export async function writeLoadProfile(
  path: string,
  { node, ports, caPem }: RunningVirtualNode,
  options: { deviceIds: readonly string[]; feeder: string; nowUnixMs: number; fanOutUrl: string },
): Promise<void> {
  const { feeder, nowUnixMs, fanOutUrl } = options;
  const caFile = join(dirname(path), "ca.pem");
  writeFileSync(caFile, caPem);
  const devices: LoadProfile["devices"] = [];
  for (const deviceId of options.deviceIds) {
    devices.push({ deviceId, token: await node.issueToken({ deviceId, feeder }) });
  }
  const profile: LoadProfile = {
    enrolUrl: `https://${HOST}:${ports.enrolment}/enrol`,
    mqttHost: HOST,
    caFile,
    metricsUrl: `http://${HOST}:${ports.health}`,
    nowUnixMs,
    devices,
    fanOutUrl,
  };
  // Tokens are as good as keys until they are used.
  writeFileSync(path, JSON.stringify(profile), { mode: OWNER_ONLY });
}
