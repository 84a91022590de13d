import { addDuration } from "./duration.ts";
import type { OptType } from "./event.ts";
import type { CreateOpt } from "./opt.ts";
import type { EiTarget } from "./target.ts";

/** What an availability schedule is held against. */
export interface SchedulePeriod {
  readonly startUnixMs: number;
  /** Infinite for an open-ended event. */
  readonly endUnixMs: number;
  readonly marketContext: string;
  readonly target: EiTarget;
}

/**
 * What a party's availability schedules say about an event [OADR2.0b EiOpt]: the one made last decides among those that
 * touch the event's time, are for its market or for all, and are for all that the event is for: a schedule of one
 * resource says nothing about an event for two. Undefined when none does. A schedule never overrides the answer that
 * was given to an event itself.
 *
 *      event            ├──────────────┤
 *      optOut    ├─────────┤                      decides: the two overlap
 *      optOut  ├───────┤                          does not: it ends where the event begins
 */
export function scheduledOptType(opts: readonly CreateOpt[], period: SchedulePeriod): OptType | undefined {
  const touching = opts.filter((opt) => isForMarket(opt, period) && covers(opt, period.target) && touches(opt, period));
  const latest = touching.reduce<CreateOpt | undefined>(
    (last, opt) => (last !== undefined && last.createdDateTimeUnixMs > opt.createdDateTimeUnixMs ? last : opt),
    undefined,
  );
  return latest?.optType;
}

function isForMarket({ marketContext }: CreateOpt, period: SchedulePeriod): boolean {
  return marketContext === undefined || marketContext === period.marketContext;
}

/** The kinds of names below a VEN. What names the VEN itself says no more than who sent the schedule. */
const PARTS = [
  "aggregatedPnode",
  "endDeviceAsset",
  "meterAsset",
  "pnode",
  "serviceDeliveryPoint",
  "groupID",
  "groupName",
  "resourceID",
] as const;

/** Whether a schedule is for the whole VEN, or for each part of it that the event names. */
function covers({ eiTarget, oadrDeviceClass }: CreateOpt, wanted: EiTarget): boolean {
  const own = PARTS.map((part) => [...eiTarget[part], ...(oadrDeviceClass?.[part] ?? [])]);
  if (own.every((names) => names.length === 0)) return true;
  const isForParts = PARTS.some((part) => wanted[part].length > 0);
  return isForParts && PARTS.every((part, at) => wanted[part].every((name) => own[at]?.includes(name) === true));
}

function touches({ vavailability, qualifiedEventID }: CreateOpt, { startUnixMs, endUnixMs }: SchedulePeriod): boolean {
  if (qualifiedEventID !== undefined || vavailability === undefined) return false;
  return vavailability.available.some(({ properties: { dtstartUnixMs, duration } }) => {
    const until = addDuration(dtstartUnixMs, duration);
    // A duration of zero has no end, as everywhere in the profile.
    return dtstartUnixMs < endUnixMs && (until > startUnixMs || until === dtstartUnixMs);
  });
}
