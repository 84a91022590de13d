import type { Disk } from "@gridpact/host";
import { scanLog } from "@gridpact/native";
import { type CopiedFile, readCopy, writeCopy } from "./copied-files.ts";
import { LOG_DIRECTORY, type NodeDirectory } from "./node-directory.ts";
import type { Report } from "./report.ts";

/** List of an archive's segments with their checksums; written anew after each segment, so it is never ahead. */
const LIST_PATH = "archive.json";

/**
 * Copies the closed segments, which are all but the last one, into an archive. One that is there already is checked
 * and not copied again. Nothing is removed from the log. Resolves with how many were copied and are there.
 * @throws CliError when the archive holds other bytes under a segment's name, EngineError when the log is damaged.
 */
export async function archiveSegments(
  { disk }: NodeDirectory,
  archive: Disk,
  report: Report,
): Promise<{ copied: number; archived: number }> {
  const { segments } = await scanLog({ disk, directory: LOG_DIRECTORY }, {});
  const files = await listed(archive);
  let copied = 0;
  for (const { name } of segments.slice(0, -1)) {
    const known = files.find(({ path }) => path === name);
    if (known !== undefined) {
      await readCopy(archive, known);
      continue;
    }
    files.push(await writeCopy(archive, name, (await disk.read(`${LOG_DIRECTORY}/${name}`)) ?? new Uint8Array()));
    await archive.replace(LIST_PATH, Buffer.from(`${JSON.stringify(files, null, 2)}\n`));
    copied += 1;
    report.progress(`${name} archived`);
  }
  return { copied, archived: files.length };
}

async function listed(archive: Disk): Promise<CopiedFile[]> {
  const bytes = await archive.read(LIST_PATH);
  return bytes === undefined ? [] : (JSON.parse(Buffer.from(bytes).toString()) as CopiedFile[]);
}
