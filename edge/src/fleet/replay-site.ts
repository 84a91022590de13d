import type { ConnectionPointSpec } from "../control/index.ts";
import type { OpenSite } from "../feid/index.ts";
import { ReplayMeter, type ReplayStart } from "../meter/index.ts";

/**
 * Opens a replayed site: from `start` on a new device, else from the registers that the device signed last, so that
 * they go on over a restart. The energy states of its resources start anew then; on hardware they would not.
 */
export function replaySite(site: ConnectionPointSpec, start: Omit<ReplayStart, "limits">): OpenSite {
  return ({ lastReading, limits, balancesFromUnixMs }) => {
    const from =
      lastReading === undefined
        ? start
        : {
            startUnixMs: Number(lastReading.measuredAtUnixMs),
            importWh: lastReading.importWh,
            exportWh: lastReading.exportWh,
          };
    const meter = new ReplayMeter(
      { ...site, ...(balancesFromUnixMs !== undefined && { balancesFromUnixMs }) },
      { ...from, limits },
    );
    return { meter, actuator: meter };
  };
}
