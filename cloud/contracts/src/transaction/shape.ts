/**
 * Shapes say what a JSON value must look like and read the typed value out of it. One shape serves the check of an
 * argument, its TypeScript type, and the way back from a state document or a result, so the three cannot drift apart.
 */
import { bigintFromDecimal, type JsonValue, NotCanonicalError } from "@gridpact/settlement";

/** How a JSON value reads as a `T`. It MUST be pure: a refused argument is read twice. */
export type Shape<T> = {
  /**
   * Reads a value. A fault is added to `faults`, with its path, and reading goes on, so that a caller learns all of
   * them at once; what is returned then MUST NOT be used.
   */
  readonly read: (value: JsonValue | undefined, path: Path, faults: string[]) => T | undefined;
};

/** Where a value stands; undefined while nobody asks, as nearly no value has a fault. */
type Path = string | undefined;

/** The TypeScript type of what a shape reads. */
export type Shaped<S> = S extends Shape<infer T> ? T : never;

/** All faults at once, each with its path from `$`. */
export type ShapeReading<T> = { ok: true; value: T } | { ok: false; faults: string[] };

/** Reads without paths first, as nearly every value has no fault, and a second time for the paths when one has. */
export function readShape<T>(shape: Shape<T>, value: JsonValue): ShapeReading<T> {
  const unnamed: string[] = [];
  const read = shape.read(value, undefined, unnamed);
  if (unnamed.length === 0) return { ok: true, value: read as T };
  const faults: string[] = [];
  shape.read(value, "$", faults);
  return { ok: false, faults };
}

/** A text that passes `isValid`; `what` names it in the fault. */
export function text(isValid: (candidate: string) => boolean, what: string): Shape<string> {
  return {
    read: (value, path, faults) =>
      typeof value === "string" && isValid(value) ? value : fault(faults, path, `must be ${what}`),
  };
}

/** No 0, 1 or "true": one value, one text. */
export const FLAG: Shape<boolean> = {
  read: (value, path, faults) => (typeof value === "boolean" ? value : fault(faults, path, "must be true or false")),
};

/** A JSON number without fraction from `min` to `max`, both included. */
export function wholeNumber({ min, max }: { min: number; max: number }): Shape<number> {
  return {
    read: (value, path, faults) =>
      Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max
        ? (value as number)
        : fault(faults, path, `must be a whole number from ${min} to ${max}`),
  };
}

/** An integer of any size, written as a decimal string. */
export function decimal({ min }: { min: bigint | null }): Shape<bigint> {
  return {
    read: (value, path, faults) => {
      const integer = integerOf(value, path, faults);
      if (integer === undefined || min === null || integer >= min) return integer;
      return fault(faults, path, `must not be below ${min}`);
    },
  };
}

/** Lower-case hex of `bytesMin` to `bytesMax` bytes: one text for one value, as everywhere in hashed JSON. */
export function hex({ bytesMin, bytesMax }: { bytesMin: number; bytesMax: number }): Shape<string> {
  const what = bytesMin === bytesMax ? `${bytesMin}` : `${bytesMin} to ${bytesMax}`;
  return text(
    (value) =>
      value.length >= 2 * bytesMin && value.length <= 2 * bytesMax && value.length % 2 === 0 && LOWER_HEX.test(value),
    `${what} bytes of lower-case hex`,
  );
}

/** The text itself is kept, never its position: lists may grow at any place. */
export function oneOf<const T extends string>(values: readonly T[]): Shape<T> {
  return {
    read: (value, path, faults) =>
      values.find((each) => each === value) ?? fault(faults, path, `must be one of ${values.join(", ")}`),
  };
}

/** Null has to be written: in canonical JSON a field that is left out is a fault. */
export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return { read: (value, path, faults) => (value === null ? null : shape.read(value, path, faults)) };
}

/** An array of `min` to `max` items; the length is checked before any item is read. */
export function list<T>(item: Shape<T>, { min, max }: { min: number; max: number }): Shape<readonly T[]> {
  return {
    read: (value, path, faults) => {
      if (!Array.isArray(value) || value.length < min || value.length > max) {
        return fault(faults, path, `must be an array of ${min} to ${max} items`);
      }
      return value.map((each, index) => item.read(each, path && `${path}[${index}]`, faults) as T);
    },
  };
}

/** An object whose keys are data: at most `max` of them, each passing `key`. */
export function record<T>(
  key: Shape<string>,
  item: Shape<T>,
  { max }: { max: number },
): Shape<Readonly<Record<string, T>>> {
  return {
    read: (value, path, faults) => {
      if (!isObject(value) || Object.keys(value).length > max) {
        return fault(faults, path, `must be an object of at most ${max} keys`);
      }
      const fields = Object.entries(value).map(([name, each]): [string, T] => {
        const at = path && `${path}.${name}`;
        key.read(name, at, faults);
        return [name, item.read(each, at, faults) as T];
      });
      return Object.fromEntries(fields);
    },
  };
}

type Fields = Readonly<Record<string, Shape<unknown>>>;

/** An object with exactly these fields. An unknown field is a fault: it would be signed, stored and mean nothing. */
export function object<F extends Fields>(fields: F): Shape<{ readonly [K in keyof F]: Shaped<F[K]> }> {
  const shapes = Object.entries(fields);
  return {
    read: (value, path, faults) => {
      if (!isObject(value)) return fault(faults, path, "must be an object");
      for (const name of Object.keys(value)) {
        if (!Object.hasOwn(fields, name)) fault(faults, `${path}.${name}`, "is not a known field");
      }
      const read: Record<string, unknown> = {};
      for (const [name, shape] of shapes) read[name] = shape.read(value[name], path && `${path}.${name}`, faults);
      return read as { readonly [K in keyof F]: Shaped<F[K]> };
    },
  };
}

const LOWER_HEX = /^[0-9a-f]*$/;

function isObject(value: JsonValue | undefined): value is { [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fault(faults: string[], path: Path, reason: string): undefined {
  faults.push(`${path}: ${reason}`);
  return undefined;
}

function integerOf(value: JsonValue | undefined, path: Path, faults: string[]): bigint | undefined {
  try {
    return bigintFromDecimal(value, path ?? "");
  } catch (error) {
    if (!(error instanceof NotCanonicalError)) throw error;
    faults.push(error.message);
    return undefined;
  }
}
