import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunningVirtualNode } from "@gridpact/broker";
import { afterEach, beforeEach, expect, it } from "vitest";
import { writeLoadProfile } from "./load-profile.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "gridpact-load-profile-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

it("has a token of its own for each device, and is the owner's alone to read", async () => {
  const issueToken = async ({ deviceId, feeder }: { deviceId: string; feeder: string }) => `${feeder}/${deviceId}`;
  const ports = { mqtt: 1, enrolment: 2, health: 3 };
  const running = { node: { issueToken }, ports, caPem: "authority" } as unknown as RunningVirtualNode;
  const path = join(directory, "profile.json");
  const options = { deviceIds: ["a", "b"], feeder: "load", nowUnixMs: 7, fanOutUrl: "http://127.0.0.1:4/" };
  await writeLoadProfile(path, running, options);
  const profile = JSON.parse(readFileSync(path, "utf8"));
  expect(profile).toMatchObject({
    enrolUrl: "https://127.0.0.1:2/enrol",
    metricsUrl: "http://127.0.0.1:3",
    nowUnixMs: 7,
  });
  expect(profile.devices).toEqual([
    { deviceId: "a", token: "load/a" },
    { deviceId: "b", token: "load/b" },
  ]);
  expect(readFileSync(profile.caFile, "utf8")).toBe("authority");
  expect(statSync(path).mode & 0o777).toBe(0o600);
});
