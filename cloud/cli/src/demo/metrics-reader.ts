import { CliError } from "../cli-error.ts";

/**
 * Values of a Prometheus page by metric name, summed over labels; 0 for one that has no sample.
 * @throws CliError when there is no page: an outage must not look like a day with nothing in it.
 */
export async function readMetrics(port: number): Promise<(name: string) => number> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  const page = await answer.text();
  if (!answer.ok) throw new CliError("INPUT", `the metrics of port ${port} answered ${answer.status}: ${page}`);
  return (name) =>
    [...page.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, "gm"))].reduce(
      (sum, match) => sum + Number(match[1]),
      0,
    );
}
