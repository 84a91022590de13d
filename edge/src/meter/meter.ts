/** Instantaneous registers of a meter. Energy as two registers that never run backwards; power import positive. */
export type MeterReading = { powerW: bigint; importWh: bigint; exportWh: bigint };

/**
 * A meter at a connection point. Over Modbus or pulses, implementations poll or count on their own and answer from
 * that; most meters also keep a load profile, from which a boundary that was missed can be answered later.
 */
export interface Meter {
  /**
   * Registers as they were at an instant, which is now or shortly ago.
   * @throws MeterError when the meter does not answer, or no longer knows that instant.
   */
  read(atUnixMs: number): Promise<MeterReading>;
}

/** `METER_NO_ANSWER` may pass; `METER_INSTANT_UNKNOWN` does not, as the meter kept nothing of that instant. */
export type MeterErrorCode = "METER_NO_ANSWER" | "METER_INSTANT_UNKNOWN";

/** The meter could not be read; the device goes on and marks what it had to estimate. */
export class MeterError extends Error {
  readonly code: MeterErrorCode;
  readonly atUnixMs: number;

  constructor(code: MeterErrorCode, atUnixMs: number, cause?: unknown) {
    super(`${code === "METER_NO_ANSWER" ? "no answer" : "instant not kept"} for a reading at ${atUnixMs}`, { cause });
    this.name = "MeterError";
    this.code = code;
    this.atUnixMs = atUnixMs;
  }
}
