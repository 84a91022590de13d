/** Structured log as a parameter: a short event name and fields; no secrets, no personal data. */
export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** Flat, so that a line can be searched by field; an undefined one is left out. */
export type LogFields = Record<string, string | number | bigint | boolean | undefined>;

/** `warn`: it will be tried again, or somebody else is at fault. `error`: somebody has to look. */
export type LogLevel = "info" | "warn" | "error";

/** One JSON object a line; bigint as decimal text. */
export function jsonLog(write: (line: string) => void, clock: { nowUnixMs(): number }): Log {
  const at = (level: LogLevel) => (event: string, fields?: LogFields) => {
    const entry = { at: new Date(clock.nowUnixMs()).toISOString(), level, event, ...fields };
    write(`${JSON.stringify(entry, (_, value) => (typeof value === "bigint" ? value.toString() : value))}\n`);
  };
  return { info: at("info"), warn: at("warn"), error: at("error") };
}

/** Keeps nothing; for tests and simulation. */
export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
