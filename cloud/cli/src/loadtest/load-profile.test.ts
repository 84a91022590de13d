import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { prepare } from "../demo/prepare.ts";
import { startClock } from "../process/clock-file.ts";
import { type DataDirectory, openDataDirectory } from "../process/data-directory.ts";
import { writeRunFile } from "../process/run-file.ts";
import { LOAD_DEVICES_MAX, type LoadProfile, writeLoadProfile } from "./load-profile.ts";

const silent = () => undefined;

let directory: string;
let data: DataDirectory;
let node: Server;
let isReady: boolean;

/** Stands for the health endpoint of a virtual node. */
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "gridpact-profile-"));
  data = openDataDirectory(join(directory, "data"), { isFresh: false });
  prepare(data, []);
  isReady = true;
  node = createServer((_request, response) => {
    response.statusCode = isReady ? 200 : 503;
    response.end(JSON.stringify({ isReady, faults: isReady ? [] : ["disk_full"] }));
  });
  await new Promise<void>((resolve) => {
    node.listen(0, "127.0.0.1", resolve);
  });
});

afterEach(async () => {
  await new Promise((resolve) => node.close(resolve));
  rmSync(directory, { recursive: true });
});

function announce(): void {
  const health = (node.address() as AddressInfo).port;
  writeRunFile(data, "vn-district", { mqtt: 1_883, enrolment: 8_443, health }, "vn.example");
}

function options(devices: number) {
  return { dataPath: data.root, vnId: "district", devices, outPath: join(directory, "loadtest.json") };
}

function written(): LoadProfile {
  return JSON.parse(readFileSync(join(directory, "loadtest.json"), "utf8")) as LoadProfile;
}

/** What the virtual node would find for a token. */
function grantOf(token: string): unknown {
  const name = createHash("sha256").update(token).digest("hex");
  return JSON.parse(readFileSync(data.at("vn-district", "enrolment", "tokens", `${name}.json`), "utf8"));
}

describe("a load profile", () => {
  it("names the addresses of the running virtual node, and has a token for each device", async () => {
    announce();
    await writeLoadProfile(options(2), silent);
    const profile = written();
    expect(profile).toMatchObject({
      enrolUrl: "https://vn.example:8443/enrol",
      mqttHost: "vn.example",
      metricsUrl: `http://127.0.0.1:${(node.address() as AddressInfo).port}`,
    });
    expect(profile.devices.map(({ deviceId }) => deviceId)).toEqual(["load-0001", "load-0002"]);
    expect(profile.devices.map(({ token }) => grantOf(token))).toEqual([
      { deviceId: "load-0001", feeder: "load" },
      { deviceId: "load-0002", feeder: "load" },
    ]);
    expect(readFileSync(profile.caFile, "utf8")).toContain("BEGIN CERTIFICATE");
  });

  it("can be read by its owner only, also when it replaces a file that everybody could read", async () => {
    announce();
    const { outPath } = options(1);
    writeFileSync(outPath, "old");
    chmodSync(outPath, 0o644);
    await writeLoadProfile(options(1), silent);
    expect(statSync(outPath).mode & 0o777).toBe(0o600);
  });

  it("never has a device of an earlier profile", async () => {
    announce();
    await writeLoadProfile(options(2), silent);
    await writeLoadProfile(options(1), silent);
    expect(written().devices.map(({ deviceId }) => deviceId)).toEqual(["load-0003"]);
  });

  it("goes by the clock of the data directory, which may be accelerated", async () => {
    announce();
    const startUnixMs = Date.UTC(2016, 0, 28);
    startClock(data, { startUnixMs, speed: 300 });
    await writeLoadProfile(options(1), silent);
    expect(written().nowUnixMs).toBeGreaterThanOrEqual(startUnixMs);
    expect(written().nowUnixMs).toBeLessThan(Date.UTC(2017, 0, 1));
  });
});

describe("no load profile is written", () => {
  it("when the virtual node never started, or was killed: the message says how it is started", async () => {
    await expect(writeLoadProfile(options(1), silent)).rejects.toMatchObject({
      code: "PROCESS_ENDED",
      message: expect.stringContaining("npx gridpact vn district --data"),
    });
    announce();
    await new Promise((resolve) => node.close(resolve));
    await expect(writeLoadProfile(options(1), silent)).rejects.toMatchObject({ code: "PROCESS_ENDED" });
    expect(existsSync(options(1).outPath)).toBe(false);
  });

  it("when the virtual node is not ready: the message has its reason", async () => {
    announce();
    isReady = false;
    await expect(writeLoadProfile(options(1), silent)).rejects.toThrow("disk_full");
  });

  it("for no device, or for one more than a profile may have", async () => {
    announce();
    for (const devices of [0, LOAD_DEVICES_MAX + 1]) {
      await expect(writeLoadProfile(options(devices), silent)).rejects.toMatchObject({ code: "INPUT" });
    }
  });

  it("outside of a data directory", async () => {
    const dataPath = join(directory, "nowhere");
    await expect(writeLoadProfile({ ...options(1), dataPath }, silent)).rejects.toMatchObject({
      code: "DATA_DIRECTORY_MISSING",
    });
  });
});
