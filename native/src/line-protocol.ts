import type { AcceptedReading } from "./engine.ts";

/**
 * Readings as InfluxDB line protocol, one line each, timestamp in ms:
 * `reading,device=<id>,feeder=<feeder> power_w=<n>i,import_wh=<n>i,export_wh=<n>i <unixMs>`.
 * Device and time make a point, so writing it twice stores it once.
 */
export function linesOf(readings: readonly AcceptedReading[], feeder: string): Buffer {
  const lines = readings.map(({ deviceId, powerW, importWh, exportWh, measuredAtUnixMs }) => {
    const tags = `device=${deviceId},feeder=${escapeTag(feeder)}`;
    const fields = `power_w=${powerW}i,import_wh=${importWh}i,export_wh=${exportWh}i`;
    return `reading,${tags} ${fields} ${measuredAtUnixMs}\n`;
  });
  return Buffer.from(lines.join(""));
}

/** Comma, equals sign and space end a tag unless a backslash stands before them. */
function escapeTag(text: string): string {
  return text.replaceAll(/[,= ]/g, "\\$&");
}
