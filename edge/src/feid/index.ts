/** The device itself. */
export type { FeidStats } from "./feid.ts";
export { Feid } from "./feid.ts";
export type { FeidModules, FeidOptions, OpenSite, Site } from "./feid-parts.ts";
