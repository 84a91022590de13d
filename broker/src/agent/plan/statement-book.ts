import { DecodeError, decode, type FlexibilityStatement } from "@gridpact/proto";
import { smaller } from "@gridpact/settlement";
import { DEVICES_MAX } from "../../enrolment/index.ts";

/** A statement that says nothing a device can say. */
export class StatementError extends Error {
  readonly code = "FLEXIBILITY_STATEMENT_INVALID";

  constructor(reason: string, cause?: unknown) {
    super(reason, { cause });
    this.name = "StatementError";
  }
}

const HOURS_PER_DAY = 24;

/**
 * What devices say of their own flexibility, the newest statement of each. A statement only ever lowers what the owner
 * declared, so a lying device can get fewer orders by it and nothing else. It is kept in memory alone, as each device
 * states it again with each connection.
 */
export class StatementBook {
  readonly #statements = new Map<string, FlexibilityStatement>();

  /**
   * Takes the statement of an enrolled device. One device has one connection and sends in order, so the last is newest.
   * @throws StatementError
   */
  receive(deviceId: string, bytes: Uint8Array): void {
    const statement = readStatement(bytes);
    const isNew = !this.#statements.has(deviceId);
    if (isNew && this.#statements.size >= DEVICES_MAX) throw new StatementError("more devices than can be enrolled");
    this.#statements.set(deviceId, statement);
  }

  /** The estimate for intervals, lowered to what the device says of itself, Wh in each. */
  lowered(
    deviceId: string,
    intervals: readonly { startUnixMs: number; endUnixMs: number }[],
    reducibleWh: readonly bigint[],
  ): bigint[] {
    const statement = this.#statements.get(deviceId);
    if (statement === undefined) return [...reducibleWh];
    return intervals.map(({ startUnixMs, endUnixMs }, index) => {
      const perUnitWh = statement.deliverableWh[new Date(startUnixMs).getUTCHours()] ?? 0n;
      const deliverableWh = (perUnitWh * BigInt(endUnixMs - startUnixMs)) / BigInt(statement.mtuMs);
      return smaller(reducibleWh[index] ?? 0n, deliverableWh);
    });
  }
}

function readStatement(bytes: Uint8Array): FlexibilityStatement {
  const statement = decodeStatement(bytes);
  const { revision, mtuMs, deliverableWh } = statement;
  if (revision === 0 || mtuMs === 0) throw new StatementError("revision and market time unit must be positive");
  if (deliverableWh.length !== HOURS_PER_DAY) throw new StatementError(`${deliverableWh.length} hours, not 24`);
  return statement;
}

function decodeStatement(bytes: Uint8Array): FlexibilityStatement {
  try {
    return decode("FlexibilityStatement", bytes);
  } catch (cause) {
    if (!(cause instanceof DecodeError)) throw cause;
    throw new StatementError("not a FlexibilityStatement", cause);
  }
}
