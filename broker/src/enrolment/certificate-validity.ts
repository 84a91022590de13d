import type { Clock } from "@gridpact/host";
import type { Validity } from "@gridpact/ledger";
import { DAY_MS } from "../time-spans.ts";

/** A meter's life in the field, after which device and certificate are replaced together. */
const VALIDITY_DAYS = 20 * 365;

/**
 * A time in which certificates hold by all the given clocks: by the machine's, which TLS goes by, and by the market's,
 * which may be accelerated and years away. A day is added before, as the clocks of those who check may be late.
 */
export function validityBy(...clocks: readonly Clock[]): Validity {
  const nows = clocks.map((clock) => clock.nowUnixMs());
  return {
    notBeforeUnixMs: Math.min(...nows) - DAY_MS,
    notAfterUnixMs: Math.max(...nows) + VALIDITY_DAYS * DAY_MS,
  };
}
