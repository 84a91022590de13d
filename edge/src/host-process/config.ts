import { isDeviceId } from "@gridpact/proto";

/** What one process that runs many devices of one virtual node needs to know. */
export type FeidHostConfig = Readonly<{
  /** Enrolment address of the virtual node. */
  enrolmentUrl: string;
  /** Authority of the virtual node: its enrolment server is known by it before anything else is. */
  caPem: string;
  mqttHost: string;
  readingPeriodMs: number;
  mtuMs: number;
  /** Boundaries from here until now are signed as history when a device starts; left out, none are. */
  historyFromUnixMs?: number;
  /** Devices agree to move to other nodes of `caPem`; left out, they do not: that is their owner's to decide. */
  acceptsMoves?: boolean;
  /**
   * `token` is used once, at the first start. `balances`: the owner lets the virtual node steer storage and loads that
   * can wait between events; nobody's word is taken for granted, so it is false when left out.
   */
  devices: readonly Readonly<{ deviceId: string; token: string; balances?: boolean }>[];
}>;

/** The configuration has faults; all of them are listed, one on each line. */
export class FeidHostConfigError extends Error {
  readonly code = "FEID_HOST_CONFIG";
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`the configuration of the FEID host has ${faults.length} faults:\n${faults.join("\n")}`);
    this.name = "FeidHostConfigError";
    this.faults = faults;
  }
}

/** Devices in one process: each has a connection, a spool of at most 1 MiB in memory, and some timers. */
export const DEVICES_MAX = 1_024;

/** A second is finer than any settlement, a quarter of an hour is the coarsest that live monitoring can use. */
const READING_PERIOD_MS_MIN = 1_000;
const READING_PERIOD_MS_MAX = 900_000;

/** Market time units in use are 5 to 60 min; a minute serves tests of whole systems. */
const MTU_MS_MIN = 60_000;
const MTU_MS_MAX = 3_600_000;

/** The configuration of a parsed JSON document. @throws FeidHostConfigError with every fault at once */
export function parseFeidHostConfig(document: unknown): FeidHostConfig {
  const faults: string[] = [];
  const fields = isObject(document) ? document : {};
  if (!isObject(document)) faults.push("the document is not a JSON object");
  for (const name of Object.keys(fields)) if (!FIELDS.includes(name)) faults.push(`${name}: no such field`);
  const { historyFromUnixMs, acceptsMoves } = fields as { historyFromUnixMs?: unknown; acceptsMoves?: unknown };
  if (acceptsMoves !== undefined && typeof acceptsMoves !== "boolean") faults.push("acceptsMoves: not true or false");
  const config: FeidHostConfig = {
    enrolmentUrl: readText(fields, "enrolmentUrl", faults, isHttpsUrl),
    caPem: readText(fields, "caPem", faults, (text) => text.includes("-----BEGIN CERTIFICATE-----")),
    mqttHost: readText(fields, "mqttHost", faults, (text) => text.length > 0),
    readingPeriodMs: readInteger(fields, "readingPeriodMs", faults, {
      min: READING_PERIOD_MS_MIN,
      max: READING_PERIOD_MS_MAX,
    }),
    mtuMs: readInteger(fields, "mtuMs", faults, { min: MTU_MS_MIN, max: MTU_MS_MAX }),
    devices: readDevices(fields["devices"], faults),
    ...(typeof acceptsMoves === "boolean" && { acceptsMoves }),
    ...(historyFromUnixMs === undefined
      ? {}
      : {
          historyFromUnixMs: readInteger(fields, "historyFromUnixMs", faults, { min: 0, max: Number.MAX_SAFE_INTEGER }),
        }),
  };
  if (faults.length > 0) throw new FeidHostConfigError(faults);
  return Object.freeze(config);
}

type Fields = Record<string, unknown>;

const FIELDS = [
  "enrolmentUrl",
  "caPem",
  "mqttHost",
  "readingPeriodMs",
  "mtuMs",
  "historyFromUnixMs",
  "acceptsMoves",
  "devices",
];

const DEVICE_FIELDS = ["deviceId", "token", "balances"];

/** The text of a field, or a fault and an empty text; nobody sees that, since any fault refuses the whole. */
function readText(fields: Fields, name: string, faults: string[], isValid: (text: string) => boolean): string {
  const value = fields[name];
  if (typeof value === "string" && isValid(value)) return value;
  faults.push(`${name}: ${value === undefined ? "missing" : "not valid"}`);
  return "";
}

function readInteger(fields: Fields, name: string, faults: string[], bounds: { min: number; max: number }): number {
  const value = fields[name];
  if (Number.isSafeInteger(value) && (value as number) >= bounds.min && (value as number) <= bounds.max)
    return value as number;
  faults.push(`${name}: ${value === undefined ? "missing" : `not an integer from ${bounds.min} to ${bounds.max}`}`);
  return bounds.min;
}

function readDevices(value: unknown, faults: string[]): FeidHostConfig["devices"] {
  if (!Array.isArray(value) || value.length === 0 || value.length > DEVICES_MAX) {
    faults.push(`devices: not a list of 1 to ${DEVICES_MAX}`);
    return [];
  }
  const seen = new Set<string>();
  return value.map((entry: unknown, index) => {
    const at: string[] = [];
    const device = readDevice(isObject(entry) ? entry : {}, at);
    if (seen.has(device.deviceId)) at.push(`deviceId: ${device.deviceId} stands twice`);
    if (device.deviceId !== "") seen.add(device.deviceId);
    faults.push(...at.map((fault) => `devices[${index}].${fault}`));
    return device;
  });
}

function readDevice(fields: Fields, faults: string[]): FeidHostConfig["devices"][number] {
  const deviceId = readText(fields, "deviceId", faults, isDeviceId);
  const token = readText(fields, "token", faults, (text) => text.length > 0);
  for (const name of Object.keys(fields)) if (!DEVICE_FIELDS.includes(name)) faults.push(`${name}: no such field`);
  const { balances = false } = fields;
  if (typeof balances !== "boolean") faults.push("balances: not true or false");
  return Object.freeze({ deviceId, token, balances: balances === true });
}

function isHttpsUrl(text: string): boolean {
  return URL.canParse(text) && new URL(text).protocol === "https:";
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
