export { openFilesMax, residentBytes, treeCpuSeconds } from "./process-cpu.ts";
export { median, rounded } from "./statistics.ts";
