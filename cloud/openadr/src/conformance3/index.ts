export type { Credentials } from "./conversation3.ts";
export { createHttpProbe3, type Probe3, type RawAnswer3, type RawRequest3 } from "./probe3.ts";
export { runConformance3 } from "./run-checks3.ts";
