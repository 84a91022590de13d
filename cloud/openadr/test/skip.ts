interface Skippable {
  readonly task: { readonly name: string };
  skip(reason: string): never;
}

/** Skips a test and says why on one line, whatever the reporter. */
export function skip(context: Skippable, reason: string): never {
  process.stdout.write(`skipped: ${context.task.name}: ${reason}\n`);
  return context.skip(reason);
}
