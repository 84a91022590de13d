/** Public face of @gridpact/host: what a machine gives to the deterministic code, real or simulated. */
export type { Clock, Timer } from "./clock.ts";
export { acceleratedClock, repeat, sleep, wallClock } from "./clock.ts";
export { crc32c } from "./crc32c.ts";
export type { AppendFile, Disk } from "./disk.ts";
export { nodeDisk } from "./disk.ts";
export type { JournalOptions } from "./journal.ts";
export { Journal, JournalDamagedError, JournalWriteError } from "./journal.ts";
export type { JournalRecord } from "./journal-record.ts";
export { decodeRecordAt, encodeRecord, RECORD_HEADER_BYTES } from "./journal-record.ts";
export type { Log, LogFields } from "./log.ts";
export { jsonLog, silentLog } from "./log.ts";
export type { Random } from "./random.ts";
export { SeededRandom, systemRandom } from "./random.ts";
export type { SigningKey } from "./signing-key.ts";
export { SEED_BYTES, signingKeyFromSeed } from "./signing-key.ts";
export type { DiskFault } from "./simulated-disk.ts";
export { SimulatedDisk, SimulatedDiskError } from "./simulated-disk.ts";
export { VirtualClock } from "./virtual-clock.ts";
