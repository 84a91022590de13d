import { type BalanceStatement, DecodeError, decode } from "@gridpact/proto";
import { DEVICES_MAX } from "../../enrolment/index.ts";

/** A statement that says nothing a device can say. */
export class BalanceStatementError extends Error {
  readonly code = "BALANCE_STATEMENT_INVALID";

  constructor(reason: string, cause?: unknown) {
    super(reason, { cause });
    this.name = "BalanceStatementError";
  }
}

/** Units after which the last word of a device is forgotten: whoever falls silent takes part no more. */
const REMEMBERED_UNITS = 2;

const WHOLE_PER_MILLE = 1_000;

/**
 * The newest statement of each device that takes part in self-balancing. In memory alone: each device states it again
 * at every boundary.
 */
export class BalanceStatements {
  readonly #statements = new Map<string, BalanceStatement>();

  /** @throws BalanceStatementError */
  receive(deviceId: string, bytes: Uint8Array): void {
    const statement = readStatement(bytes);
    const known = this.#statements.get(deviceId);
    if (known === undefined && this.#statements.size >= DEVICES_MAX)
      throw new BalanceStatementError("more devices than can be enrolled");
    // Statements may be late; time goes one way.
    if (known !== undefined && known.statedAtUnixMs > statement.statedAtUnixMs) return;
    this.#statements.set(deviceId, statement);
  }

  /** Forgets who has said nothing for a while before an instant. */
  forgetBefore(unixMs: number, mtuMs: number): void {
    for (const [deviceId, { statedAtUnixMs }] of this.#statements) {
      if (Number(statedAtUnixMs) < unixMs - REMEMBERED_UNITS * mtuMs) this.#statements.delete(deviceId);
    }
  }

  takingPart(): string[] {
    return [...this.#statements.keys()];
  }

  newest(deviceId: string): BalanceStatement | undefined {
    return this.#statements.get(deviceId);
  }

  /** What a device stated for a boundary. */
  at(deviceId: string, unixMs: number): BalanceStatement | undefined {
    const statement = this.#statements.get(deviceId);
    return statement?.statedAtUnixMs === BigInt(unixMs) ? statement : undefined;
  }
}

function readStatement(bytes: Uint8Array): BalanceStatement {
  const statement = decodeStatement(bytes);
  const { storedWh, storedWhMax, efficiencyPerMille } = statement;
  if (storedWh > storedWhMax) throw new BalanceStatementError("more is stored than can be");
  if (efficiencyPerMille === 0 || efficiencyPerMille > WHOLE_PER_MILLE)
    throw new BalanceStatementError("an efficiency is above 0 and at most 1000 per mille");
  return statement;
}

function decodeStatement(bytes: Uint8Array): BalanceStatement {
  try {
    return decode("BalanceStatement", bytes);
  } catch (cause) {
    if (!(cause instanceof DecodeError)) throw cause;
    throw new BalanceStatementError("not a BalanceStatement", cause);
  }
}
