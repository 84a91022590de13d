import type { FleetResult } from "./run-fleet.ts";

/** What a virtual node has to keep with 10,000 devices; each with its measure and whether it was kept. */
export type Bar = { name: string; measured: number; max: number; isKept: boolean };

/** A device waits for its acknowledgement before it forgets a reading; half a second is far below its spool. */
const PUBACK_P99_MS_MAX = 500;

/** What a small server gives to one process beside InfluxDB. */
const RESIDENT_BYTES_MAX = 1.5 * 1024 ** 3;

/** After a power cut all are back within one reading period. */
const STORM_SECONDS_MAX = 60;

/** All bars, kept or not, so that a report shows how far each is away. */
export function fleetBars(result: FleetResult): Bar[] {
  const bars = [
    { name: "acknowledged and lost", measured: result.missing + result.unacked, max: 0 },
    { name: "stored twice", measured: result.storedTwice, max: 0 },
    { name: "rejected", measured: result.rejected, max: 0 },
    { name: "PUBACK p99, ms", measured: result.pubackMs.p99, max: PUBACK_P99_MS_MAX },
    { name: "resident memory, bytes", measured: result.residentBytesMax, max: RESIDENT_BYTES_MAX },
    { name: "reconnect storm, s", measured: result.stormSeconds, max: STORM_SECONDS_MAX },
  ];
  return bars.map((bar) => ({ ...bar, isKept: bar.measured <= bar.max }));
}
