/** Values of a Prometheus page by metric name, summed over labels. */
export async function readMetrics(port: number): Promise<(name: string) => number> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  const page = await answer.text();
  return (name) =>
    [...page.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, "gm"))].reduce(
      (sum, match) => sum + Number(match[1]),
      0,
    );
}
