import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SimulatedDisk } from "@gridpact/host";

/** What an agent keeps of its choices and its prosumers, from a simulated disk into a real directory. */
export async function copyChoices(disk: SimulatedDisk, directory: string): Promise<void> {
  for (const folder of ["choices", "prosumers"]) {
    mkdirSync(join(directory, folder), { recursive: true });
    for (const name of await disk.list(`agent/${folder}`)) {
      const bytes = await disk.read(`agent/${folder}/${name}`);
      writeFileSync(join(directory, folder, name), bytes ?? new Uint8Array());
    }
  }
}
