import { ENVELOPE_LIMITS, HASH_BYTES, isDeviceId, SIGNATURE_BYTES, VERDICT } from "@gridpact/proto";
import { type FieldKind, type Fields, readFields } from "./wire-fields.ts";

/** A reading whose numbers are all within the limits below. */
export type DecodedReading = { measuredAtUnixMs: number; powerW: number; importWh: bigint; exportWh: bigint };

/** Well-formed and within all bounds; whether it is authentic is not known yet. */
export type DecodedEnvelope = {
  /** As signed; a view of the received bytes. */
  payload: Uint8Array;
  signature: Uint8Array;
  deviceId: string;
  bootEpoch: number;
  firstSeq: bigint;
  previousEnvelopeHash: Uint8Array;
  /** 1..N, times strictly increasing, registers never decreasing. */
  readings: DecodedReading[];
};

/** What the bytes are, or the verdict code that refuses them. */
export type DecodeOutcome =
  | { ok: true; envelope: DecodedEnvelope }
  | { ok: false; verdict: typeof VERDICT.MALFORMED | typeof VERDICT.TOO_LARGE };

/**
 * Largest energy register in Wh (281 TWh) and largest power in W either way: 48 bits, so that the sum over a full
 * batch of 65,536 envelopes still fits 64 bits and no language has to saturate.
 */
const REGISTER_WH_MAX = 2 ** 48 - 1;
const POWER_W_MAX = 2 ** 48 - 1;

const BOOT_EPOCH_MAX = 2 ** 32 - 1;

const ENVELOPE_FIELDS: readonly FieldKind[] = ["none", "bytes", "bytes"];
const PAYLOAD_FIELDS: readonly FieldKind[] = ["none", "bytes", "varint", "varint", "bytes", "repeated"];
const READING_FIELDS: readonly FieldKind[] = ["none", "varint", "varint", "varint", "varint", "varint"];

/**
 * Decodes a received SignedEnvelope, more strictly than protobuf asks: fields in any order, but none unknown, none
 * twice, no other wire type, only minimal varints. Whatever passes decodes to the same values with every protobuf
 * library; whatever two libraries might read differently is refused, because money follows from these bytes.
 * The Rust decoder refuses byte for byte the same.
 */
export function decodeEnvelope(bytes: Uint8Array): DecodeOutcome {
  if (bytes.length > ENVELOPE_LIMITS.bytesMax) return { ok: false, verdict: VERDICT.TOO_LARGE };
  const outer = readFields(bytes, ENVELOPE_FIELDS);
  const payload = outer?.slices[1];
  const signature = outer?.slices[2];
  if (payload === undefined || signature?.length !== SIGNATURE_BYTES) return MALFORMED;
  const fields = readFields(payload, PAYLOAD_FIELDS);
  if (fields === undefined) return MALFORMED;
  if (fields.repeated.length > ENVELOPE_LIMITS.readingsMax) return { ok: false, verdict: VERDICT.TOO_LARGE };
  const head = decodeHead(fields);
  const readings = decodeReadings(fields.repeated);
  if (head === undefined || readings === undefined) return MALFORMED;
  // The last reading's number must stay exact, too.
  if (head.firstSeq + BigInt(readings.length) > BigInt(Number.MAX_SAFE_INTEGER)) return MALFORMED;
  return { ok: true, envelope: { payload, signature, readings, ...head } };
}

const MALFORMED: DecodeOutcome = { ok: false, verdict: VERDICT.MALFORMED };

type Head = Pick<DecodedEnvelope, "deviceId" | "bootEpoch" | "firstSeq" | "previousEnvelopeHash">;

function decodeHead(fields: Fields): Head | undefined {
  // Not UTF-8: whatever is not ASCII is no device id anyway.
  const deviceId = Buffer.from(fields.slices[1] ?? []).toString("latin1");
  const bootEpoch = fields.varints[2] ?? 0;
  const previousEnvelopeHash = fields.slices[4];
  if (!isDeviceId(deviceId) || bootEpoch < 1 || bootEpoch > BOOT_EPOCH_MAX) return undefined;
  if (previousEnvelopeHash?.length !== HASH_BYTES) return undefined;
  return { deviceId, bootEpoch, firstSeq: BigInt(fields.varints[3] ?? 0), previousEnvelopeHash };
}

function decodeReadings(slices: readonly Uint8Array[]): DecodedReading[] | undefined {
  const readings: DecodedReading[] = [];
  for (const slice of slices) {
    const reading = decodeReading(slice);
    if (reading === undefined || !isAfter(reading, readings.at(-1))) return undefined;
    readings.push(reading);
  }
  return readings.length === 0 ? undefined : readings;
}

function decodeReading(bytes: Uint8Array): DecodedReading | undefined {
  const [, measuredAtUnixMs = 0, zigzag = 0, importWh = 0, exportWh = 0, quality = 0] =
    readFields(bytes, READING_FIELDS)?.varints ?? [];
  // ZigZag: 0, -1, 1, -2, ... are 0, 1, 2, 3, ...; in arithmetic because bit operators cut to 32 bits.
  const powerW = zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
  const isInRange =
    measuredAtUnixMs > 0 &&
    Math.abs(powerW) <= POWER_W_MAX &&
    importWh <= REGISTER_WH_MAX &&
    exportWh <= REGISTER_WH_MAX &&
    (quality === 1 || quality === 2);
  if (!isInRange) return undefined;
  return { measuredAtUnixMs, powerW, importWh: BigInt(importWh), exportWh: BigInt(exportWh) };
}

/** Order within one envelope is part of its form: a device that breaks it has a bug, whatever its key. */
function isAfter(reading: DecodedReading, previous: DecodedReading | undefined): boolean {
  if (previous === undefined) return true;
  return (
    reading.measuredAtUnixMs > previous.measuredAtUnixMs &&
    reading.importWh >= previous.importWh &&
    reading.exportWh >= previous.exportWh
  );
}
