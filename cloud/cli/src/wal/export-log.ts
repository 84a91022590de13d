import { type LoggedEnvelope, scanLog } from "@gridpact/native";
import { verdictLabel } from "@gridpact/proto";
import { LOG_DIRECTORY, type NodeDirectory } from "./node-directory.ts";

/** Which records: positions `[fromWalSeq, toWalSeq)`, of one device or of all. */
export type ExportRange = { fromWalSeq: bigint; toWalSeq: bigint | undefined; deviceId: string | undefined };

/** Writes one JSON line for each record, with the envelope's bytes as received; returns how many. */
export async function exportLog(
  { disk }: NodeDirectory,
  range: ExportRange,
  write: (line: string) => void,
): Promise<number> {
  let count = 0;
  const onEnvelope = (envelope: LoggedEnvelope) => {
    if (!isWithin(envelope, range)) return;
    count += 1;
    write(`${JSON.stringify(lineOf(envelope))}\n`);
  };
  await scanLog({ disk, directory: LOG_DIRECTORY }, { onEnvelope });
  return count;
}

function isWithin({ walSeq, deviceId }: LoggedEnvelope, range: ExportRange): boolean {
  if (walSeq < range.fromWalSeq || (range.toWalSeq !== undefined && walSeq >= range.toWalSeq)) return false;
  return range.deviceId === undefined || range.deviceId === deviceId;
}

function lineOf({ walSeq, verdict, receivedAtUnixMs, deviceId, bytes }: LoggedEnvelope) {
  const envelopeHex = Buffer.from(bytes).toString("hex");
  return { walSeq: `${walSeq}`, verdict: verdictLabel(verdict), receivedAtUnixMs, deviceId, envelopeHex };
}
