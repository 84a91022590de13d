/**
 * Resolves at the first SIGINT or SIGTERM, or when the supervisor that started this process is gone; a second signal
 * ends the process at once.
 */
export function untilSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let isAsked = false;
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.on(signal, () => {
        if (isAsked) process.exit(130);
        isAsked = true;
        resolve(signal);
      });
    }
    process.once("disconnect", () => resolve("SIGTERM"));
  });
}
