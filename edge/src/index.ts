/** Public face of @gridpact/edge: the device (FEID), what it measures and steers, and a process that runs many. */
export type { ConsentPolicy } from "./consent/index.ts";
export type { Actuator, ConnectionPointSpec, ResourceSpec, SiteFault } from "./control/index.ts";
export { describeResource } from "./control/index.ts";
export type { EmissionScenario, HouseholdMeans } from "./emission/index.ts";
export { emissionScenarios } from "./emission/index.ts";
export type { EnrolmentErrorCode, EnrolmentOptions, Membership, Post } from "./enrol/index.ts";
export {
  EnrolmentError,
  enrol,
  httpsPost,
  openDeviceKey,
  privateKeyPem,
  readDeviceKey,
  storedMembership,
} from "./enrol/index.ts";
export type { FeidModules, FeidOptions, FeidStats, OpenSite, Site } from "./feid/index.ts";
export { Feid } from "./feid/index.ts";
export type {
  BranchDescription,
  FeederDescription,
  FeidDescription,
  FeidKind,
  GridDescription,
  HourlyCycle,
  ScenarioSeries,
  VnId,
} from "./fleet/index.ts";
export { FLEET_START_UNIX_MS, loadFeeders, loadFleet, loadGrid, loadScenario, replaySite } from "./fleet/index.ts";
export type { FeidHost, FeidHostConfig, FeidHostModules, HostedDevice, HostedSite } from "./host-process/index.ts";
export { FeidHostConfigError, parseFeidHostConfig, runFeidHost } from "./host-process/index.ts";
export type { Meter, MeterErrorCode, MeterReading, ReplayStart } from "./meter/index.ts";
export { MeterError, ReplayMeter } from "./meter/index.ts";
export { PowerSeries, WATT_MS_PER_WH } from "./profile/index.ts";
export type { MqttUplinkModules, MqttUplinkOptions, Uplink, UplinkErrorCode } from "./uplink/index.ts";
export { MqttUplink, UplinkError } from "./uplink/index.ts";
