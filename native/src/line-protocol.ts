import type { AcceptedReading } from "./engine.ts";

/**
 * Appends readings as InfluxDB line protocol, one line each, timestamp in ms:
 * `reading,device=<id>,feeder=<feeder> power_w=<n>i,import_wh=<n>i,export_wh=<n>i <unixMs>`.
 * Device and time make a point, so writing it twice stores it once.
 */
export class LineProtocol {
  readonly #lines: string[] = [];

  add(reading: AcceptedReading, feeder: string): void {
    const { deviceId, powerW, importWh, exportWh, measuredAtUnixMs } = reading;
    const tags = `device=${deviceId},feeder=${escapeTag(feeder)}`;
    const fields = `power_w=${powerW}i,import_wh=${importWh}i,export_wh=${exportWh}i`;
    this.#lines.push(`reading,${tags} ${fields} ${measuredAtUnixMs}\n`);
  }

  bytes(): Uint8Array {
    return new Uint8Array(Buffer.from(this.#lines.join("")));
  }
}

/** Comma, equals sign and space end a tag unless a backslash stands before them. */
function escapeTag(text: string): string {
  return text.replaceAll(/[,= ]/g, "\\$&");
}
