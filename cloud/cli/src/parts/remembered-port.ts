import { existsSync, readFileSync } from "node:fs";
import type { DataDirectory } from "../process/data-directory.ts";
import { replaceFile } from "../process/replace-file.ts";

/** What devices know a port of: they keep that of MQTT when they enrol, and that of enrolment while they move. */
type Purpose = "mqtt" | "enrolment";

/**
 * The port of the run before, or 0 for any free one. Devices keep it, so a virtual node that was given a free port must
 * come back on the same one.
 */
export function rememberedPort(data: DataDirectory, vnId: string, purpose: Purpose): number {
  const path = pathOf(data, vnId, purpose);
  return existsSync(path) ? Number(readFileSync(path, "utf8")) : 0;
}

/** Written once the port is bound: a start that failed must not fix it. */
export function rememberPort(data: DataDirectory, vnId: string, purpose: Purpose, port: number): void {
  replaceFile(pathOf(data, vnId, purpose), `${port}\n`);
}

function pathOf(data: DataDirectory, vnId: string, purpose: Purpose): string {
  return data.at(`vn-${vnId}`, `${purpose}-port`);
}
