import { bigintFromDecimal, canonicalJson, type JsonValue } from "./canonical-json.ts";

/**
 * Field names end with their unit, so the name tells which decimal texts of a JSON document are integers. One rule for
 * documents on disk, HTTP bodies and ledger results spares a decoder for each type.
 */
const INTEGER_UNIT = /(?:Wh|Micro|MicroPerWh|MicroPerWhMax)$/;

/** Canonical JSON text; bigint as decimal text. */
export function writeUnitJson(value: unknown): string {
  return canonicalJson(value);
}

/**
 * Reads JSON, turning decimal text below fields named after an energy or money unit into bigint.
 * @throws NotCanonicalError when such a field holds anything but integers in decimal text; SyntaxError when not JSON.
 */
export function readUnitJson(text: string): unknown {
  return reviveUnits(JSON.parse(text) as JsonValue);
}

/** As `readUnitJson`, for a value that is already parsed. */
export function reviveUnits(value: JsonValue): unknown {
  return revive(value, { path: "$", isInteger: false });
}

function revive(value: JsonValue, at: { path: string; isInteger: boolean }): unknown {
  if (value === null) return null;
  if (Array.isArray(value)) {
    return value.map((item, index) => revive(item, { ...at, path: `${at.path}[${index}]` }));
  }
  if (typeof value === "object") {
    const fields = Object.entries(value).map(([key, field]) => {
      const isInteger = at.isInteger || INTEGER_UNIT.test(key);
      return [key, revive(field, { path: `${at.path}.${key}`, isInteger })];
    });
    return Object.fromEntries(fields);
  }
  return at.isInteger ? bigintFromDecimal(value, at.path) : value;
}
