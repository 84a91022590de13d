import type { DrRequest } from "@gridpact/proto";
import type { Given } from "../agent-host.ts";

/** Why a request cannot be served whatever the devices can do; undefined when it can. */
export function faultOf(request: DrRequest, { options, modules }: Given<"clock">): string | undefined {
  const { intervals, orderedWh, respondByUnixMs } = request;
  const nowUnixMs = modules.clock.nowUnixMs();
  if (request.vnId !== options.vnId) return `the request is for ${request.vnId}`;
  if (nowUnixMs > respondByUnixMs) return "the time to answer is over";
  if (intervals.length === 0 || orderedWh.length !== intervals.length) return "intervals and orders do not fit";
  const isWhole = intervals.every(({ startUnixMs, endUnixMs }, index) => {
    const follows = index === 0 || intervals[index - 1]?.endUnixMs === startUnixMs;
    return follows && startUnixMs % options.mtuMs === 0 && endUnixMs - startUnixMs === options.mtuMs;
  });
  if (!isWhole) return `intervals must be whole market time units of ${options.mtuMs} ms without gaps`;
  return (intervals[0]?.startUnixMs ?? 0) <= nowUnixMs ? "the event has begun" : undefined;
}
