import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SeededRandom, SimulatedDisk } from "@gridpact/host";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { enrolmentInMemory } from "./enrolment-in-memory.ts";
import { countedByNode, HostError, HostProcess, loadDeviceIds, sumOf } from "./index.ts";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "gridpact-load-host-"));
});

afterEach(() => rmSync(directory, { recursive: true }));

function start(dataDirectory: string): Promise<HostProcess> {
  const targetPath = join(directory, "target.json");
  return HostProcess.start(
    { dataDirectory, engine: "twin", store: { kind: "none" }, devices: 2, targetPath },
    { directory },
  );
}

describe("a virtual node to be loaded", () => {
  it("has its devices enrolled before it listens, and ends in good order", async () => {
    const host = await start(join(directory, "data"));
    const target = JSON.parse(readFileSync(join(directory, "target.json"), "utf8")) as {
      address: string;
      devices: { deviceId: string; certificatePem: string }[];
    };
    expect(target.address).toBe(`127.0.0.1:${host.ports().mqtt}`);
    expect(target.devices.map(({ deviceId }) => deviceId)).toEqual(loadDeviceIds(2));
    expect(target.devices[0]?.certificatePem).toContain("BEGIN CERTIFICATE");
    expect(await countedByNode(host.ports().health)).toMatchObject({ accepted: 0, rejected: 0, storeLag: 0 });
    expect(host.engine()).toBe("twin");
    await host.close();
  });

  it("that cannot start says where its output is", async () => {
    await expect(start("/dev/null/data")).rejects.toThrow(HostError);
    expect(readFileSync(join(directory, "vn-host.log"), "utf8")).toContain("ENOTDIR");
  });
});

it("keeps devices in memory, and all else on the disk", async () => {
  const below = new SimulatedDisk(new SeededRandom("below"));
  const disk = enrolmentInMemory(below);
  const bytes = new Uint8Array([1]);
  await disk.replace("enrolment/devices/a.json", bytes);
  await disk.replace("store/cursor.json", bytes);
  expect(await disk.list("enrolment/devices")).toEqual(["a.json"]);
  expect(await disk.read("enrolment/devices/a.json")).toEqual(bytes);
  expect(await below.list("enrolment/devices")).toEqual([]);
  expect(await below.list("store")).toEqual(["cursor.json"]);
  await disk.remove("enrolment/devices/a.json");
  expect(await disk.list("enrolment/devices")).toEqual([]);
});

it("adds up a metric over its labels", () => {
  const page = `# HELP a_total x\na_total{reason="x",vn="1"} 2\na_total{reason="y"} 3\na_total_more 7\nb 1e+3\n`;
  expect([sumOf(page, "a_total"), sumOf(page, "b"), sumOf(page, "c")]).toEqual([5, 1_000, 0]);
});
