/** Public face of @gridpact/loadtest: k6 as a program, and a virtual node's host that other tests may load or kill. */
export { loadedConfig, MTU_MS, runChildHost, tellParent, WAL_DIRECTORY } from "./host/index.ts";
export { K6MissingError, k6Program } from "./k6-program.ts";
