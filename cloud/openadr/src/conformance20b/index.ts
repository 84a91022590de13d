export { createHttpProbe, type Probe, type RawAnswer } from "./probe.ts";
export { type CheckResult, runConformance } from "./run-checks.ts";
