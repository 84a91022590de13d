/**
 * Lets what nobody caught end the process with exit code 1, as Node does by itself: the logger of fabric-shim, which
 * comes along with the ledger, listens for uncaught exceptions and would carry on as if nothing had happened.
 */
export function endWhenUncaught(): void {
  process.on("uncaughtException", (error) => {
    process.stderr.write(`${error.stack ?? String(error)}\n`);
    process.exit(1);
  });
}
