import { type LoggedEnvelope, openEngine } from "@gridpact/native";
import { MTU_MS } from "./child-host.ts";

/** Records read at a time; some hundred bytes each. */
const READ_RECORDS_MAX = 4_096;

/** Everything in the log of a host that has ended, in order. */
export async function* recordsOf(directoryPath: string): AsyncIterable<LoggedEnvelope> {
  const engine = await openEngine({ mtuMs: MTU_MS, directoryPath });
  try {
    for (let walSeq = 0n; ; ) {
      const records = await engine.readLog(walSeq, READ_RECORDS_MAX);
      if (records.length === 0) return;
      yield* records;
      walSeq += BigInt(records.length);
    }
  } finally {
    await engine.close();
  }
}
