/** Baselines lie outside the SC1, one key for each device, so that setting up an SC2 reads only its own. */
import { demand } from "../contract-error.ts";
import {
  collection,
  DEVICE_ID,
  NET_ENERGY_WH,
  object,
  perInterval,
  type Shaped,
  type Transaction,
} from "../transaction/index.ts";

/** Wh in each interval of the SC1. */
export const COMMITTED_BASELINE = object({ deviceId: DEVICE_ID, baselineWh: perInterval(NET_ENERGY_WH) });

type CommittedBaseline = Shaped<typeof COMMITTED_BASELINE>;

/** By SC1, then device; written once, before the acceptance or with it. */
export const committedBaselineAt = collection("baseline", COMMITTED_BASELINE);

/** @throws ContractError SC1_BASELINE_UNKNOWN for a device whose baseline was not committed before the event */
export async function getCommittedBaseline(
  { state }: Transaction,
  { sc1Id, deviceId }: { sc1Id: string; deviceId: string },
): Promise<CommittedBaseline> {
  const baseline = await state.get(committedBaselineAt(sc1Id, deviceId));
  demand(baseline !== undefined, "SC1_BASELINE_UNKNOWN", () => `${sc1Id} commits no baseline of ${deviceId}`);
  return baseline;
}
