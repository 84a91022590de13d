export { loadedConfig, MTU_MS, runChildHost, tellParent, WAL_DIRECTORY } from "./child-host.ts";
export { HostError, HostProcess } from "./host-process.ts";
export { loadDeviceIds, loadKey } from "./load-key.ts";
export { recordsOf } from "./logged-records.ts";
export { type CountedByNode, countedByNode, sumOf, whenStoreHasAll } from "./node-counts.ts";
