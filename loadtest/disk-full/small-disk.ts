import { spawnSync } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file system of a few megabytes in memory, mounted for one run. */
export type SmallDisk = { path: string; unmount(): void };

/** Undefined where this user may not mount, which on Linux only root may. [mount(8)] */
export function mountSmallDisk(megabytes: number): SmallDisk | undefined {
  const path = mkdtempSync(join(tmpdir(), "gridpact-small-disk-"));
  if (spawnSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m,mode=0700`, "tmpfs", path]).status !== 0) {
    rmdirSync(path);
    return undefined;
  }
  return {
    path,
    unmount() {
      spawnSync("umount", [path]);
      rmdirSync(path);
    },
  };
}
