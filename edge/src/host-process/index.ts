/** Many devices in one process. */
export type { FeidHostConfig } from "./config.ts";
export { FeidHostConfigError, parseFeidHostConfig } from "./config.ts";
export type { FeidHost, FeidHostModules, HostedDevice, HostedSite } from "./feid-host.ts";
export { runFeidHost } from "./feid-host.ts";
