export { openFilesMax, residentBytes, treeCpuSeconds } from "./process-cpu.ts";
export { median, pairedRatio, rounded } from "./statistics.ts";
