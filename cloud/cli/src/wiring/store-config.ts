import { existsSync, readFileSync } from "node:fs";
import type { StoreConfig } from "@gridpact/broker";
import { CliError } from "../cli-error.ts";
import { influxdbToken } from "../config.ts";
import type { DataDirectory } from "../process/data-directory.ts";

const ORGANISATION = "gridpact";

/** Where a virtual node stores readings: the InfluxDB that was named, else SQLite. */
export function storeConfig(data: DataDirectory, vnId: string, influxdbUrl: string | undefined): StoreConfig {
  if (influxdbUrl === undefined) return { kind: "sqlite" };
  const file = data.at("influxdb", "token");
  const token = influxdbToken() ?? (existsSync(file) ? readFileSync(file, "utf8").trim() : "");
  if (token === "") throw new CliError("INPUT", "InfluxDB needs a token: set INFLUXDB_TOKEN");
  return { kind: "influx", url: influxdbUrl, token, org: ORGANISATION, bucket: `gridpact-${vnId}` };
}
