import { describe, expect, it } from "vitest";
import { type ConfigError, readVirtualNodeConfig } from "./config.ts";

const faultsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    readVirtualNodeConfig(environment);
    return [];
  } catch (error) {
    expect(error).toMatchObject({ code: "CONFIG_INVALID" });
    return (error as ConfigError).faults;
  }
};

describe("the configuration of a virtual node", () => {
  it("needs a name only", () => {
    const config = readVirtualNodeConfig({ GRIDPACT_VN_ID: "district" });
    expect(config).toMatchObject({
      vnId: "district",
      mspId: "VnMSP",
      dataDirectory: ".gridpact/district",
      mtuMs: 900_000,
      host: "127.0.0.1",
      serverNames: ["localhost", "127.0.0.1"],
      store: { kind: "sqlite" },
    });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it("takes an InfluxDB with its token", () => {
    const environment = { GRIDPACT_VN_ID: "d", GRIDPACT_VN_STORE: "influx", GRIDPACT_INFLUX_URL: "http://influx:8086" };
    expect(readVirtualNodeConfig({ ...environment, GRIDPACT_INFLUX_TOKEN: "t" }).store).toEqual({
      kind: "influx",
      url: "http://influx:8086",
      token: "t",
      org: "gridpact",
      bucket: "gridpact",
    });
    expect(faultsOf(environment)).toEqual(["GRIDPACT_INFLUX_TOKEN is missing"]);
  });

  it("names all faults at once", () => {
    const faults = faultsOf({
      GRIDPACT_VN_ID: "The District",
      GRIDPACT_VN_MTU_MS: "840000",
      GRIDPACT_VN_MQTT_PORT: "mqtt",
      GRIDPACT_VN_HEALTH_PORT: "65536",
      GRIDPACT_VN_CONNECTIONS_MAX: "0",
      GRIDPACT_VN_SERVER_NAMES: "localhost,not a name",
      GRIDPACT_VN_STORE: "postgres",
    });
    expect(faults.map((fault) => fault.split(" ")[0])).toEqual([
      "GRIDPACT_VN_ID",
      "GRIDPACT_VN_MQTT_PORT",
      "GRIDPACT_VN_HEALTH_PORT",
      "GRIDPACT_VN_SERVER_NAMES:",
      "GRIDPACT_VN_CONNECTIONS_MAX",
      "GRIDPACT_VN_STORE",
      "GRIDPACT_VN_MTU_MS",
    ]);
  });

  it("takes a value at a bound and refuses the one beyond", () => {
    const port = (text: string) => faultsOf({ GRIDPACT_VN_ID: "d", GRIDPACT_VN_MQTT_PORT: text }).length;
    expect([port("0"), port("65535"), port("65536"), port("-1"), port("1e3"), port("")]).toEqual([0, 0, 1, 1, 1, 1]);
  });

  it("keeps the whole log unless it is told how long, and where the rest goes", () => {
    const [days, archive] = ["GRIDPACT_VN_LOG_KEEP_DAYS", "GRIDPACT_VN_LOG_ARCHIVE"];
    const deleted = "GRIDPACT_VN_LOG_DELETE_WITHOUT_ARCHIVE";
    const retention = (settings: Record<string, string>) =>
      readVirtualNodeConfig({ GRIDPACT_VN_ID: "d", ...settings }).retention;
    expect(retention({})).toEqual({ kind: "keep-all" });
    expect(retention({ [days]: "65", [archive]: "/" })).toEqual({ kind: "archive", keepDays: 65, archivePath: "/" });
    expect(retention({ [days]: "3650", [deleted]: "yes" })).toEqual({
      kind: "delete-without-archive",
      keepDays: 3_650,
    });
    const faulty: Record<string, string>[] = [
      { [archive]: "/" },
      { [deleted]: "yes" },
      { [days]: "90" },
      { [days]: "64", [deleted]: "yes" },
      { [days]: "3651", [deleted]: "yes" },
      { [days]: "90", [deleted]: "yes", [archive]: "/" },
      { [days]: "90", [deleted]: "maybe", [archive]: "/" },
      { [days]: "90", [archive]: "/not/there" },
    ];
    for (const settings of faulty) {
      expect(faultsOf({ GRIDPACT_VN_ID: "d", ...settings }), JSON.stringify(settings)).toHaveLength(1);
    }
  });

  it("reads nothing but what it is given", () => {
    expect(faultsOf({})).toEqual(["GRIDPACT_VN_ID is missing"]);
  });
});
