/** Time as the organisations of the channel attest it. */
export { ATTEST_INSTANT, GET_INSTANT, hasPassed, isBefore, isBeforeAll } from "./attested-instant.ts";
export { TimeContract } from "./time-contract.ts";
