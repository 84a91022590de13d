import { existsSync, readFileSync } from "node:fs";
import type { DataDirectory } from "../process/data-directory.ts";
import { replaceFile } from "../process/replace-file.ts";

/**
 * The MQTT port of the run before, or 0 for any free one. Devices learn the port when they enrol and keep it, so a
 * virtual node that was given a free port must come back on the same one.
 */
export function rememberedPort(data: DataDirectory, vnId: string): number {
  const path = pathOf(data, vnId);
  return existsSync(path) ? Number(readFileSync(path, "utf8")) : 0;
}

export function rememberPort(data: DataDirectory, vnId: string, port: number): void {
  replaceFile(pathOf(data, vnId), `${port}\n`);
}

function pathOf(data: DataDirectory, vnId: string): string {
  return data.at(`vn-${vnId}`, "mqtt-port");
}
