import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const WORKSPACE = fileURLToPath(new URL("..", import.meta.url));

/** The load generator is not built; the message says how it is. */
export class K6MissingError extends Error {
  readonly code = "K6_MISSING";

  constructor(path: string, cause: unknown) {
    super(`${path} is not there; build it with loadtest/build.sh, which needs Go 1.25 or newer`, { cause });
    this.name = "K6MissingError";
  }
}

/**
 * Path of k6 with the Gridpact extension. It is built and not kept in the repository: it is 50 MB for one platform.
 * @throws K6MissingError
 */
export function k6Program(directory: string = WORKSPACE): string {
  const path = join(directory, "gridpact-k6");
  try {
    accessSync(path, constants.X_OK);
  } catch (cause) {
    throw new K6MissingError(path, cause);
  }
  return path;
}
