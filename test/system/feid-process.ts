/** Devices of some owners in a process of their own, as a FEID host runs them; their owners let them move. */
import { join } from "node:path";
import { describeResource, httpsPost, loadFleet, MqttUplink, replaySite, runFeidHost } from "@gridpact/edge";
import { acceleratedClock, nodeDisk, silentLog, systemRandom, wallClock } from "@gridpact/host";

export type FeidProcessOptions = {
  /** As all other parts of the run have it. */
  clock: { realStartUnixMs: number; startUnixMs: number; speed: number };
  directory: string;
  /** Authority of the nodes, PEM. */
  caPem: string;
  historyFromUnixMs: number;
  readingPeriodMs: number;
  mtuMs: number;
  /** One host for each node at which devices start. */
  hosts: { enrolmentUrl: string; mqttHost: string; devices: { deviceId: string; token: string }[] }[];
};

/** What it answers to any message of its parent. */
export type FeidProcessStatus = { running: number; waiting: number; failed: string[] };

function main(options: FeidProcessOptions): void {
  const { clock, directory, caPem, historyFromUnixMs, readingPeriodMs, mtuMs } = options;
  const marketClock = acceleratedClock(clock);
  const fleet = new Map(loadFleet().map((description) => [description.deviceId, description]));
  const start = { startUnixMs: historyFromUnixMs, importWh: 0n, exportWh: 0n };
  const siteOf = (deviceId: string) => {
    const description = fleet.get(deviceId);
    if (description === undefined) throw new RangeError(`no device ${deviceId} in the fleet`);
    const { load, pv, resources } = description;
    return {
      openSite: replaySite({ load, pv, resources, faults: [] }, start),
      resources: resources.map(describeResource),
    };
  };
  const hosts = options.hosts.map((host) =>
    runFeidHost(
      { ...host, caPem, readingPeriodMs, mtuMs, historyFromUnixMs, acceptsMoves: true },
      {
        clock: marketClock,
        networkClock: wallClock(),
        random: systemRandom,
        log: silentLog,
        diskOf: (deviceId) => nodeDisk(join(directory, deviceId)),
        siteOf,
        post: httpsPost(caPem),
        uplinkOf: (uplink) => new MqttUplink(uplink, { clock: wallClock(), random: systemRandom, log: silentLog }),
      },
    ),
  );
  process.on("message", () => {
    const devices = hosts.flatMap((host) => host.devices());
    const status: FeidProcessStatus = { running: 0, waiting: 0, failed: [] };
    for (const device of devices) {
      if (device.state === "failed") status.failed.push(`${device.deviceId}: ${device.reason}`);
      if (device.state !== "running") continue;
      status.running += 1;
      status.waiting += device.stats.envelopesWaiting + device.stats.readingsUnsigned;
    }
    process.send?.(status);
  });
  const end = () => void Promise.all(hosts.map((host) => host.stop())).then(() => process.exit(0));
  process.once("SIGTERM", end);
  process.once("disconnect", end);
}

if (import.meta.main) main(JSON.parse(process.argv[2] ?? "") as FeidProcessOptions);
