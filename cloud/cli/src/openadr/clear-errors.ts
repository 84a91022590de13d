import { AdminError, ExchangeError, Oadr3Error, StorageError, VtnRefusal } from "@gridpact/openadr";
import { CliError } from "../cli-error.ts";

/** What the system says about files and ports that the flags name. */
const SYSTEM_ERRORS: Readonly<Record<string, (at: string) => string>> = {
  ENOENT: (at) => `${at} does not exist`,
  EACCES: (at) => `no permission for ${at}`,
  EISDIR: (at) => `${at} is a directory`,
  EADDRINUSE: (at) => `${at} is taken; name another port`,
  EADDRNOTAVAIL: (at) => `${at} is no address of this machine`,
};

/**
 * Runs a command and turns what its user can act on into a message without a stack.
 * @throws CliError for that; anything else goes on as it is.
 */
export async function withClearErrors(work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    const message = messageFor(error);
    if (message === undefined) throw error;
    throw new CliError("INPUT", message, error);
  }
}

function messageFor(error: unknown): string | undefined {
  if (error instanceof AdminError || error instanceof VtnRefusal) return `${error.message} (${error.code})`;
  if (error instanceof ExchangeError || error instanceof Oadr3Error) return `${error.message} (${error.code})`;
  // The package refuses flags that do not go together by a TypeError of its own, before it does anything.
  if (error instanceof StorageError || (error instanceof TypeError && !("code" in error))) return error.message;
  return isSystemError(error) ? SYSTEM_ERRORS[error.code]?.(placeOf(error)) : undefined;
}

interface SystemError extends Error {
  readonly code: string;
  readonly path?: string;
  readonly address?: string;
  readonly port?: number;
}

function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && "code" in error && typeof error.code === "string";
}

function placeOf({ path, address, port }: SystemError): string {
  return path ?? `${address}:${port}`;
}
