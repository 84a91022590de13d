import { mkdirSync, writeFileSync } from "node:fs";
import { systemRandom, wallClock } from "@gridpact/host";
import { consortiumMembers, makeConsortium, validityFor } from "../consortium/consortium.ts";
import { hasConsortium, writeConsortium } from "../consortium/consortium-files.ts";
import { makeOpenAdrFiles } from "../consortium/openadr-files.ts";
import { clockOf } from "../process/clock-file.ts";
import type { DataDirectory } from "../process/data-directory.ts";
import { VN_IDS } from "../wiring/market.ts";

const OWNER_ONLY = 0o600;

/** Bytes of a generated password or token: 192 bits. */
const SECRET_BYTES = 24;

/** Makes what is missing of keys, certificates and secrets; what is there stays. */
export function prepare(data: DataDirectory, serverNames: readonly string[]): void {
  if (!hasConsortium(data)) {
    const clock = wallClock();
    const validity = validityFor([clock, clockOf(data)]);
    const requests = consortiumMembers(VN_IDS, ["localhost", "127.0.0.1", ...serverNames]);
    writeConsortium(data, makeConsortium(requests, { random: systemRandom, clock, validity }));
  }
  const parties = ["dso", "aggregator", ...VN_IDS.map((vnId) => `vn-${vnId}`)];
  makeOpenAdrFiles(data, { parties, serverNames: ["localhost", "127.0.0.1", ...serverNames] });
  mkdirSync(data.at("influxdb"), { recursive: true, mode: 0o700 });
  for (const name of ["token", "password"]) makeSecret(data.at("influxdb", name));
}

/** Writes a new secret unless there is one. */
function makeSecret(path: string): void {
  const secret = Buffer.from(systemRandom.bytes(SECRET_BYTES)).toString("base64url");
  try {
    writeFileSync(path, secret, { mode: OWNER_ONLY, flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
