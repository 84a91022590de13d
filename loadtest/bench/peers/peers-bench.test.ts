import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isGoThere } from "../../src/generator/index.ts";
import { INFLUXD_SETTINGS } from "./influxd.ts";
import { findPeerPrograms } from "./peer-programs.ts";
import { runPeers, TINY } from "./run-peers.ts";
import { telegrafSchema } from "./telegraf-files.ts";

const { programs, missing } = findPeerPrograms({}, process.env);
const lacking = [...missing, ...(isGoThere() ? [] : ["go"])];
if (lacking.length > 0) process.stdout.write(`Peers not compared: there is no ${lacking.join(", ")} to run.\n`);

it("takes a program from the options, then from the environment, then from PATH", () => {
  const environment = { INFLUXD: "/nowhere/influxd", TELEGRAF: "/nowhere/telegraf" };
  const found = findPeerPrograms({ influxd: "/named/influxd" }, environment);
  expect(found.programs).toEqual({
    influxd: "/named/influxd",
    telegraf: "/nowhere/telegraf",
    mosquitto: "mosquitto",
  });
  expect(found.missing).toEqual(expect.arrayContaining(["influxd", "telegraf"]));
});

it("lets Telegraf parse what is signed as bytes, in place", () => {
  expect(telegrafSchema()).toContain("EnvelopePayload payload = 1;");
  expect(telegrafSchema()).not.toContain("bytes payload");
});

it("sets InfluxDB up as docker-compose.yml does", () => {
  const compose = readFileSync(new URL("../../../docker-compose.yml", import.meta.url), "utf8");
  for (const [name, value] of Object.entries(INFLUXD_SETTINGS))
    expect(compose).toContain(`      ${name}: "${value}"\n`);
});

describe.runIf(lacking.length === 0)("Gridpact beside mosquitto, Telegraf and InfluxDB", () => {
  it("stores the same readings, each exactly once", { timeout: 180_000 }, async () => {
    const { rows } = await runPeers({ size: TINY, programs, progress: () => undefined });
    const sent = TINY.devices * (TINY.cases[0]?.envelopes ?? 0) * 10 * 2;
    expect(rows.map(({ stack, sentReadings, storedReadings }) => ({ stack, sentReadings, storedReadings }))).toEqual([
      { stack: "gridpact", sentReadings: sent, storedReadings: sent },
      { stack: "telegraf", sentReadings: sent, storedReadings: sent },
    ]);
  });
});
