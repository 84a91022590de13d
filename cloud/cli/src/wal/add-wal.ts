import { appendFileSync, writeFileSync } from "node:fs";
import { nodeDisk } from "@gridpact/host";
import { Argument, type Command, InvalidArgumentError } from "commander";
import { archiveSegments } from "./archive-segments.ts";
import { backupNode, restoreNode } from "./backup-node.ts";
import { exportLog } from "./export-log.ts";
import { logDirectory, nodeDirectory } from "./node-directory.ts";
import { rebuildViews, VIEW_NAMES, type ViewName } from "./rebuild-views.ts";
import { reportTo } from "./report.ts";
import { verifyLog } from "./verify-log.ts";

type Write = (text: string) => void;
type JsonFlag = { json: boolean };

/** Adds `gridpact wal …`: what an operator does with a virtual node's write-ahead log. */
export function addWal(program: Command, write: Write): void {
  const wal = program.command("wal").description("the log of a virtual node: verify, export, rebuild, archive, backup");
  addVerify(wal, write);
  addExport(wal, write);
  addRebuild(wal, write);
  addArchive(wal, write);
  addBackup(wal, write);
  addRestore(wal, write);
}

function addVerify(wal: Command, write: Write): void {
  onNode(
    wal
      .command("verify")
      .description("read every record and its checksum, of a node or of an archive; the node may run"),
  ).action(async (directory: string, { json }: JsonFlag) => {
    const report = reportTo(write, json);
    const summary = await verifyLog(logDirectory(directory), report);
    if (summary === undefined) process.exitCode = 1;
    else report.result({ isSound: true, ...summary });
  });
}

function addExport(wal: Command, write: Write): void {
  onNode(wal.command("export").description("write records as JSON lines, with the envelopes as they were received"))
    .option("--from <walSeq>", "first position; 0 by default", position)
    .option("--to <walSeq>", "position after the last one", position)
    .option("--device <deviceId>", "of this device only")
    .option("--out <file>", "write there instead of to standard output")
    .action(
      async (directory: string, flags: JsonFlag & { from?: bigint; to?: bigint; device?: string; out?: string }) => {
        const { from, to, device, out, json } = flags;
        if (out !== undefined) writeFileSync(out, "", { mode: 0o600 });
        const writeLine = out === undefined ? write : (line: string) => appendFileSync(out, line);
        const range = { fromWalSeq: from ?? 0n, toWalSeq: to, deviceId: device };
        const records = await exportLog(nodeDirectory(directory), range, writeLine);
        if (out !== undefined) reportTo(write, json).result({ records, out });
      },
    );
}

function addRebuild(wal: Command, write: Write): void {
  onNode(wal.command("rebuild").description("have views made anew from the log at the next start of the node"))
    .addArgument(new Argument("[views...]", "which views; all by default").choices(VIEW_NAMES))
    .option("--archive <directory>", "bring retired segments back from there first; the node must be stopped")
    .action(async (directory: string, views: ViewName[], { json, archive }: JsonFlag & { archive?: string }) => {
      const chosen = views.length > 0 ? views : VIEW_NAMES;
      const retired = archive === undefined ? undefined : nodeDisk(archive);
      const records = await rebuildViews(nodeDirectory(directory), chosen, retired);
      reportTo(write, json).result({ views: chosen, records });
    });
}

function addArchive(wal: Command, write: Write): void {
  onNode(wal.command("archive").description("copy closed segments to an archive; removes nothing, the node may run"))
    .requiredOption("--to <directory>", "the archive")
    .action(async (directory: string, { json, to }: JsonFlag & { to: string }) => {
      const report = reportTo(write, json);
      report.result(await archiveSegments(nodeDirectory(directory), nodeDisk(to), report));
    });
}

function addBackup(wal: Command, write: Write): void {
  onNode(wal.command("backup").description("copy all that a virtual node has, with its log; the node may run"))
    .requiredOption("--to <directory>", "where to; must be empty or missing")
    .action(async (directory: string, { json, to }: JsonFlag & { to: string }) => {
      const report = reportTo(write, json);
      report.result(await backupNode(nodeDirectory(directory), to, report));
    });
}

function addRestore(wal: Command, write: Write): void {
  wal
    .command("restore")
    .description("bring a backup into a new data directory, checked byte for byte")
    .argument("<backup>", "directory that `backup` wrote")
    .requiredOption("--to <directory>", "the new data directory; must be empty or missing")
    .option("--json", "print JSON", false)
    .action(async (backup: string, { json, to }: JsonFlag & { to: string }) => {
      const report = reportTo(write, json);
      report.result(await restoreNode(backup, to, report));
    });
}

function onNode(command: Command): Command {
  return command
    .argument("<directory>", "data directory of the virtual node, such as .gridpact/vn-north")
    .option("--json", "print JSON", false);
}

function position(text: string): bigint {
  if (!/^\d{1,18}$/.test(text)) throw new InvalidArgumentError("a position in the log is a whole number");
  return BigInt(text);
}
