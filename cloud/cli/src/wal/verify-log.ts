import type { Disk } from "@gridpact/host";
import { EngineError, type ScannedLog, scanLog } from "@gridpact/native";
import { verdictLabel } from "@gridpact/proto";
import type { Report } from "./report.ts";

/** What a log holds. */
export type LogSummary = Omit<ScannedLog, "segments"> & {
  segments: number;
  sizeBytes: number;
  devices: number;
  /** Envelopes by verdict, such as `accepted` or `bad_signature`. */
  envelopes: Record<string, number>;
};

/** Reads the whole log; undefined when a record is damaged, which is reported. */
export async function verifyLog(
  log: { disk: Disk; directory: string },
  report: Report,
): Promise<LogSummary | undefined> {
  const devices = new Set<string>();
  const envelopes: Record<string, number> = {};
  try {
    const scanned = await scanLog(log, {
      onEnvelope: ({ deviceId, verdict }) => {
        devices.add(deviceId);
        const label = verdictLabel(verdict);
        envelopes[label] = (envelopes[label] ?? 0) + 1;
      },
      onSegment: ({ name, records }, of) => report.progress(`${name}: ${records} records, of ${of} segments`),
    });
    const sizeBytes = scanned.segments.reduce((sum, segment) => sum + segment.sizeBytes, 0);
    return { ...scanned, segments: scanned.segments.length, sizeBytes, devices: devices.size, envelopes };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    report.result({ isSound: false, code: error.code, reason: error.message });
    return undefined;
  }
}
