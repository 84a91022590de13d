import type { AggregatorBench } from "./aggregator-bench.ts";
import { sampleMember } from "./cluster-samples.ts";

const HOUR_MS = 3_600_000;

const failing = (id: string, remainder: number) =>
  sampleMember(id, { eventCount: 12, delivered: (event) => (event % 2 === remainder ? 0 : 100) });

/** Two nodes describe members that miss together; as they have thirty devices each, the first plan waits for more. */
export async function describeParted(bench: AggregatorBench): Promise<void> {
  for (const id of ["a", "b"]) bench.ledger.devices.set(id, "district");
  for (const id of ["c", "d"]) bench.ledger.devices.set(id, "offices");
  await bench.core().describeProsumers("district", [failing("a", 0), failing("b", 0)]);
  await bench.core().describeProsumers("offices", [failing("c", 1), failing("d", 1)]);
  await bench.core().tick();
}

/** As above, and an hour later the aggregator plans to part them by two moves. */
export async function planMoves(bench: AggregatorBench): Promise<void> {
  await describeParted(bench);
  await bench.clock.advanceTo(bench.clock.nowUnixMs() + HOUR_MS);
  await bench.core().tick();
}
