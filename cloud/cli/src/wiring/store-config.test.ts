import { mkdirSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { temporaryData } from "../../test/temporary-data.ts";
import { storeConfig } from "./store-config.ts";

const URL = "http://127.0.0.1:8086";

const data = temporaryData({ beforeEach, afterEach });

beforeEach(() => vi.stubEnv("INFLUXDB_TOKEN", ""));
afterEach(() => vi.unstubAllEnvs());

function writeToken(token: string): void {
  mkdirSync(data().at("influxdb"));
  writeFileSync(data().at("influxdb", "token"), token);
}

describe("readings are stored", () => {
  it("in SQLite when no InfluxDB is named, whatever tokens there are", () => {
    writeToken("from-file");
    expect(storeConfig(data(), "district", undefined)).toEqual({ kind: "sqlite" });
  });

  it("in the InfluxDB that is named, in a bucket of the virtual node's own", () => {
    writeToken("from-file\n");
    expect(storeConfig(data(), "district", URL)).toEqual({
      kind: "influx",
      url: URL,
      token: "from-file",
      org: "gridpact",
      bucket: "gridpact-district",
    });
    expect(storeConfig(data(), "offices", URL)).toMatchObject({ bucket: "gridpact-offices" });
  });

  it("with the token of the environment rather than that of the data directory", () => {
    writeToken("from-file");
    vi.stubEnv("INFLUXDB_TOKEN", "from-environment");
    expect(storeConfig(data(), "district", URL)).toMatchObject({ token: "from-environment" });
  });

  it("in no InfluxDB without a token; an empty file is none", () => {
    const refused = expect.objectContaining({ code: "INPUT", message: expect.stringContaining("INFLUXDB_TOKEN") });
    expect(() => storeConfig(data(), "district", URL)).toThrow(refused);
    writeToken("\n");
    expect(() => storeConfig(data(), "district", URL)).toThrow(refused);
  });
});
