import { readFileSync } from "node:fs";
import { VirtualClock } from "@gridpact/host";
import { readCertificate } from "@gridpact/ledger";
import { afterEach, beforeEach, expect, test } from "vitest";
import { modeOf, temporaryData } from "../../test/temporary-data.ts";
import { memberOf } from "../consortium/consortium.ts";
import { readConsortium, trustPath } from "../consortium/consortium-files.ts";
import { startClock } from "../process/clock-file.ts";
import { prepare } from "./prepare.ts";

const data = temporaryData({ beforeEach, afterEach });

function secrets(): string[] {
  return ["token", "password"].map((name) => readFileSync(data().at("influxdb", name), "utf8"));
}

test("what is missing is made once, and stays as it is when it is prepared again", () => {
  prepare(data(), []);
  const trust = readFileSync(trustPath(data()), "utf8");
  const made = secrets();
  prepare(data(), ["elsewhere"]);
  expect(readFileSync(trustPath(data()), "utf8")).toBe(trust);
  expect(secrets()).toEqual(made);
});

test("secrets differ, are 192 bits long, and are their owner's alone", () => {
  prepare(data(), []);
  const [token, password] = secrets();
  expect(token).not.toBe(password);
  for (const secret of secrets()) expect(Buffer.from(secret, "base64url")).toHaveLength(24);
  for (const name of ["token", "password"]) expect(modeOf(data().at("influxdb", name))).toBe(0o600);
});

test("the servers' certificates have the further names, and hold at the time of the day that is played", () => {
  const playedUnixMs = Date.UTC(2016, 0, 28);
  startClock(data(), { startUnixMs: playedUnixMs, speed: 1 }, new VirtualClock(Date.now()));
  prepare(data(), ["ledger"]);
  const { x509, notBeforeUnixMs } = readCertificate(memberOf(readConsortium(data()), "ledger-server").certificatePem);
  expect(x509.subjectAltName).toBe("DNS:localhost, IP Address:127.0.0.1, DNS:ledger");
  expect(notBeforeUnixMs).toBeLessThan(playedUnixMs);
});
