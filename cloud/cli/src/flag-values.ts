/** Numbers as flags take them. Each throws InvalidArgumentError, which commander prints with the flag's name. */
import { InvalidArgumentError } from "commander";

const PORT_MAX = 65_535;
const PER_MILLE_MAX = 1_000;

/** Nine digits at most, which still fit a signed 32-bit number. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("a whole number is needed");
  return Number(text);
}

/** At speed 0 the played day would never end. */
export function positive(text: string): number {
  const number = wholeNumber(text);
  if (number === 0) throw new InvalidArgumentError("a whole number from 1 on is needed");
  return number;
}

/** A share: from nothing to all. */
export function perMille(text: string): number {
  const number = wholeNumber(text);
  if (number > PER_MILLE_MAX) throw new InvalidArgumentError(`a share from 0 to ${PER_MILLE_MAX} is needed`);
  return number;
}

/** 0 takes a free port. */
export function portNumber(text: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : PORT_MAX + 1;
  if (number > PORT_MAX) throw new InvalidArgumentError(`a port from 0 to ${PORT_MAX} is needed`);
  return number;
}
