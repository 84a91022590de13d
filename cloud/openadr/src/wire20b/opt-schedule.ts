import { addDuration } from "./duration.ts";
import type { OptType } from "./event.ts";
import type { CreateOpt } from "./opt.ts";

/** What an availability schedule is held against. */
export interface SchedulePeriod {
  readonly startUnixMs: number;
  /** Infinite for an open-ended event. */
  readonly endUnixMs: number;
  readonly marketContext: string;
}

/**
 * What a party's availability schedules say about an event [OADR2.0b EiOpt]: the one made last decides among those that
 * touch the event's time and are for its market or for all. Undefined when none does. A schedule never overrides the
 * answer that was given to an event itself.
 *
 *      event            ├──────────────┤
 *      optOut    ├─────────┤                      decides: the two overlap
 *      optOut  ├───────┤                          does not: it ends where the event begins
 */
export function scheduledOptType(opts: readonly CreateOpt[], period: SchedulePeriod): OptType | undefined {
  const touching = opts.filter((opt) => isForMarket(opt, period) && touches(opt, period));
  const latest = touching.reduce<CreateOpt | undefined>(
    (last, opt) => (last !== undefined && last.createdDateTimeUnixMs > opt.createdDateTimeUnixMs ? last : opt),
    undefined,
  );
  return latest?.optType;
}

function isForMarket({ marketContext }: CreateOpt, period: SchedulePeriod): boolean {
  return marketContext === undefined || marketContext === period.marketContext;
}

function touches({ vavailability, qualifiedEventID }: CreateOpt, { startUnixMs, endUnixMs }: SchedulePeriod): boolean {
  if (qualifiedEventID !== undefined || vavailability === undefined) return false;
  return vavailability.available.some(({ properties: { dtstartUnixMs, duration } }) => {
    const until = addDuration(dtstartUnixMs, duration);
    // A duration of zero has no end, as everywhere in the profile.
    return dtstartUnixMs < endUnixMs && (until > startUnixMs || until === dtstartUnixMs);
  });
}
