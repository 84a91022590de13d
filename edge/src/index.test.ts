import { expect, it } from "vitest";
import * as edge from "./index.ts";

it("exports these names and no others", () => {
  expect(Object.keys(edge).sort()).toEqual([
    "EnrolmentError",
    "FLEET_START_UNIX_MS",
    "Feid",
    "FeidHostConfigError",
    "MeterError",
    "MqttUplink",
    "PowerSeries",
    "ReplayMeter",
    "UplinkError",
    "WATT_MS_PER_WH",
    "describeResource",
    "emissionScenarios",
    "enrol",
    "httpsPost",
    "loadFeeders",
    "loadFleet",
    "loadGrid",
    "loadScenario",
    "openDeviceKey",
    "parseFeidHostConfig",
    "privateKeyPem",
    "readDeviceKey",
    "replaySite",
    "runFeidHost",
    "storedMembership",
  ]);
});
