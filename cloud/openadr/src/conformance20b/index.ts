export { type CheckResult, require, runCheck } from "./check-result.ts";
export { createHttpProbe, type Probe, type RawAnswer } from "./probe.ts";
export { runConformance } from "./run-checks.ts";
