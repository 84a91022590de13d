/** Doing it twice is doing it once: whoever asks later waits for the same end. */
export function once(work: () => Promise<void>): () => Promise<void> {
  let started: Promise<void> | undefined;
  return () => {
    started ??= work();
    return started;
  };
}
