import { isIPv4 } from "node:net";
import { MSP_IDS, type MspId } from "@gridpact/ledger";
import type { ListenerKind } from "./listener/index.ts";
import { KEEP_DAYS_MAX, KEEP_DAYS_MIN, type RetentionConfig, retentionFault } from "./retention/index.ts";
import { DAY_MS } from "./time-spans.ts";

/** Everything that a virtual node's operator decides. */
export type VirtualNodeConfig = {
  vnId: string;
  mspId: MspId;
  dataDirectory: string;
  /** Market time unit in ms, the same for everybody in a programme. */
  mtuMs: number;
  /** Address that MQTT and enrolment listen on. */
  host: string;
  /** Ports may be 0 for any that is free; the running node tells which. */
  mqttPort: number;
  enrolmentPort: number;
  /** Always on loopback. */
  healthPort: number;
  /** DNS names and IPv4 addresses in the server's certificate. */
  serverNames: string[];
  /** TCP connections at a time. */
  connectionsMax: number;
  /** What one device may send, in the mean and at once. */
  packetsPerSecond: number;
  packetsBurst: number;
  /** Period of the node's and the agent's ticks, ms of the machine's clock; `TICK_MS_DEFAULT` when left out. */
  tickPeriodMs?: number;
  store: StoreConfig;
  /** What becomes of old segments of the log; all are kept when left out. */
  retention?: RetentionConfig;
  /** For comparisons, and not to be had from the environment: `broker` sends readings through the broker's parser. */
  publishPath?: "lane" | "broker";
  /** For comparisons, likewise: by default the native listener where it was built. */
  listener?: ListenerKind;
};

/**
 * `sqlite` keeps its file in the data directory; `influx` needs a bucket that an operator has made. With `none` there
 * are windows, evidence and anchors, and no history for people.
 */
export type StoreConfig =
  | { kind: "none" }
  | { kind: "sqlite" }
  | { kind: "influx"; url: string; token: string; org: string; bucket: string };

/** The settings are not usable; `faults` names every one of them. */
export class ConfigError extends Error {
  readonly code = "CONFIG_INVALID";
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`configuration refused:\n${faults.map((fault) => `- ${fault}`).join("\n")}`);
    this.name = "ConfigError";
    this.faults = faults;
  }
}

/** One device a reading a minute: 16,384 of them make 273 envelopes a second. */
const CONNECTIONS_MAX_DEFAULT = 16_384;

/** A spool of a day's minutes is sent in 3 s, and nobody needs more; the burst covers a reconnect. */
const PACKETS_PER_SECOND_DEFAULT = 500;
const PACKETS_BURST_DEFAULT = 2_000;

const MTU_MS_DEFAULT = 900_000;

/** A fifth of a second is soon for people, and short against a market time unit also when a day passes in minutes. */
export const TICK_MS_DEFAULT = 200;

/** A long name for what cannot be undone. */
const DELETE_WITHOUT_ARCHIVE = "GRIDPACT_VN_LOG_DELETE_WITHOUT_ARCHIVE";

/** IANA's port of MQTT over TLS. */
const MQTT_PORT_DEFAULT = 8_883;
const ENROLMENT_PORT_DEFAULT = 8_884;
const HEALTH_PORT_DEFAULT = 9_464;

/**
 * Reads the settings from environment variables `GRIDPACT_VN_*` and `GRIDPACT_INFLUX_*`.
 * @throws ConfigError naming all faults at once.
 */
export function readVirtualNodeConfig(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): VirtualNodeConfig {
  const settings = new Settings(environment);
  const vnId = settings.text("GRIDPACT_VN_ID", { pattern: /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/ });
  const port = (name: string, byDefault: number) => settings.wholeNumber(name, { byDefault, min: 0, max: 65_535 });
  const config: VirtualNodeConfig = {
    vnId,
    mspId: settings.mspId("GRIDPACT_VN_MSP_ID", "VnMSP"),
    dataDirectory: settings.text("GRIDPACT_VN_DATA", { byDefault: `.gridpact/${vnId}` }),
    mtuMs: settings.wholeNumber("GRIDPACT_VN_MTU_MS", { byDefault: MTU_MS_DEFAULT, min: 60_000, max: DAY_MS }),
    host: settings.text("GRIDPACT_VN_HOST", { byDefault: "127.0.0.1" }),
    mqttPort: port("GRIDPACT_VN_MQTT_PORT", MQTT_PORT_DEFAULT),
    enrolmentPort: port("GRIDPACT_VN_ENROLMENT_PORT", ENROLMENT_PORT_DEFAULT),
    healthPort: port("GRIDPACT_VN_HEALTH_PORT", HEALTH_PORT_DEFAULT),
    serverNames: settings.serverNames("GRIDPACT_VN_SERVER_NAMES", "localhost,127.0.0.1"),
    connectionsMax: settings.wholeNumber("GRIDPACT_VN_CONNECTIONS_MAX", {
      byDefault: CONNECTIONS_MAX_DEFAULT,
      min: 1,
      max: 65_536,
    }),
    packetsPerSecond: settings.wholeNumber("GRIDPACT_VN_PACKETS_PER_SECOND", {
      byDefault: PACKETS_PER_SECOND_DEFAULT,
      min: 1,
      max: 1_000_000,
    }),
    packetsBurst: settings.wholeNumber("GRIDPACT_VN_PACKETS_BURST", {
      byDefault: PACKETS_BURST_DEFAULT,
      min: 1,
      max: 1_000_000,
    }),
    tickPeriodMs: settings.wholeNumber("GRIDPACT_VN_TICK_MS", { byDefault: TICK_MS_DEFAULT, min: 1, max: 60_000 }),
    store: settings.store(),
    retention: settings.retention(),
  };
  if (DAY_MS % config.mtuMs !== 0) settings.fault("GRIDPACT_VN_MTU_MS must divide a day without rest");
  settings.refuseIfFaulty();
  return Object.freeze(config);
}

/** Environment variables, each read once, with a list of what is wrong with them. */
class Settings {
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #faults: string[] = [];

  constructor(environment: Readonly<Record<string, string | undefined>>) {
    this.#environment = environment;
  }

  fault(text: string): void {
    this.#faults.push(text);
  }

  refuseIfFaulty(): void {
    if (this.#faults.length > 0) throw new ConfigError(this.#faults);
  }

  /** An empty value counts as missing: that is how a shell passes an unset variable on. */
  text(name: string, rule: { byDefault?: string; pattern?: RegExp }): string {
    const value = this.#environment[name] ?? rule.byDefault;
    if (value === undefined || value === "") this.fault(`${name} is missing`);
    else if (rule.pattern?.test(value) === false) this.fault(`${name} is not of the form ${rule.pattern.source}`);
    return value ?? "";
  }

  /** Digits only: no sign, no exponent, no blank, so that nothing is read as something else than it looks like. */
  wholeNumber(name: string, rule: { byDefault: number; min: number; max: number }): number {
    const text = this.#environment[name] ?? `${rule.byDefault}`;
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= rule.min && value <= rule.max)) {
      this.fault(`${name} is not a whole number from ${rule.min} to ${rule.max}`);
    }
    return value;
  }

  mspId(name: string, byDefault: MspId): MspId {
    const text = this.text(name, { byDefault });
    const mspId = MSP_IDS.find((each) => each === text);
    if (mspId === undefined) this.fault(`${name} is none of ${MSP_IDS.join(", ")}`);
    return mspId ?? byDefault;
  }

  serverNames(name: string, byDefault: string): string[] {
    const names = this.text(name, { byDefault }).split(",");
    const isName = (text: string) => isIPv4(text) || /^(?=.*[a-z])[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(text);
    for (const each of names) if (!isName(each)) this.fault(`${name}: "${each}" is no DNS name and no IPv4 address`);
    return names;
  }

  /** Nothing leaves the log unless a time is set, and then only with a word on where it goes. */
  retention(): RetentionConfig {
    const [days, archive, deleted] = ["GRIDPACT_VN_LOG_KEEP_DAYS", "GRIDPACT_VN_LOG_ARCHIVE", DELETE_WITHOUT_ARCHIVE];
    if (!this.#isSet(days)) {
      if (this.#isSet(archive) || this.#isSet(deleted)) this.fault(`${days} is missing: how long is the log kept?`);
      return { kind: "keep-all" };
    }
    const keepDays = this.wholeNumber(days, { byDefault: 0, min: KEEP_DAYS_MIN, max: KEEP_DAYS_MAX });
    const isDeleted = this.text(deleted, { byDefault: "no", pattern: /^(?:yes|no)$/ }) === "yes";
    if (isDeleted && this.#isSet(archive)) this.fault(`${archive} and ${deleted} contradict each other`);
    const archivePath = isDeleted ? "" : this.text(archive, {});
    const retention: RetentionConfig = isDeleted
      ? { kind: "delete-without-archive", keepDays }
      : { kind: "archive", keepDays, archivePath };
    const fault = archivePath === "" ? undefined : retentionFault(retention);
    if (fault !== undefined) this.fault(`${archive}: ${fault}`);
    return retention;
  }

  #isSet(name: string): boolean {
    return (this.#environment[name] ?? "") !== "";
  }

  /** Settings of a store that is not chosen are not looked at. */
  store(): StoreConfig {
    const kind = this.text("GRIDPACT_VN_STORE", { byDefault: "sqlite" });
    if (kind === "none" || kind === "sqlite") return { kind };
    if (kind !== "influx") this.fault("GRIDPACT_VN_STORE is none of sqlite, influx, none");
    if (kind !== "influx") return { kind: "none" };
    return {
      kind,
      url: this.text("GRIDPACT_INFLUX_URL", { pattern: /^https?:\/\/[^\s]+$/ }),
      token: this.text("GRIDPACT_INFLUX_TOKEN", {}),
      org: this.text("GRIDPACT_INFLUX_ORG", { byDefault: "gridpact" }),
      bucket: this.text("GRIDPACT_INFLUX_BUCKET", { byDefault: "gridpact" }),
    };
  }
}
