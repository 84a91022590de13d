import { existsSync, readFileSync, rmSync } from "node:fs";
import type { DataDirectory } from "../process/data-directory.ts";
import { replaceFile } from "../process/replace-file.ts";
import type { FleetStatus } from "./fleet-status.ts";

/** Beside the run files, which a new run forgets: counts of another one are nobody's here. */
const FILE = ["run", "feids-ended.json"] as const;

/** Keeps where the devices stood when they had stopped: their counts begin anew with each start. */
export function writeEndedFleet(data: DataDirectory, status: FleetStatus): void {
  replaceFile(data.at(...FILE), JSON.stringify(status));
}

/** Where the devices stood at their end, told once; undefined when they were killed and could not say. */
export function takeEndedFleet(data: DataDirectory): FleetStatus | undefined {
  const path = data.at(...FILE);
  if (!existsSync(path)) return undefined;
  const status = JSON.parse(readFileSync(path, "utf8")) as FleetStatus;
  rmSync(path);
  return status;
}
