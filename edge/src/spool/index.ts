/** Store and forward: what was measured and signed, until it is acknowledged. */
export type { Recovered, SpooledEnvelope } from "./spool.ts";
export { SPOOL_BYTES_MAX_DEFAULT, Spool } from "./spool.ts";
