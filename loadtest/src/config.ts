/** Directory in which the user typed the command: npm runs scripts in their workspace, and tells the other one. */
export function invokedFrom(): string {
  return process.env["INIT_CWD"] ?? process.cwd();
}

/** Variables such as INFLUXD, which name programs of other makers. */
export function environment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}
