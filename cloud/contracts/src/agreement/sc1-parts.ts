/**
 * What grows with the number of devices under an SC1 lies outside its document: one key for each committed baseline, so
 * that setting up an SC2 reads only its own, and one key for the list of SC2, so that the SC1 is not rewritten by each.
 */
import { demand } from "../contract-error.ts";
import {
  collection,
  DEVICE_ID,
  ID,
  list,
  NET_ENERGY_WH,
  object,
  perInterval,
  type Shaped,
  type Transaction,
} from "../transaction/index.ts";
import { SC2_PER_SC1_MAX } from "./sc1-document.ts";

/** Wh in each interval of the SC1. */
export const COMMITTED_BASELINE = object({ deviceId: DEVICE_ID, baselineWh: perInterval(NET_ENERGY_WH) });
const MEMBERS = object({ sc2ContractIds: list(ID, { min: 0, max: SC2_PER_SC1_MAX }) });

type CommittedBaseline = Shaped<typeof COMMITTED_BASELINE>;

export const committedBaselineAt = collection("baseline", COMMITTED_BASELINE);
const membersAt = collection("sc1-members", MEMBERS);

/** @throws ContractError SC1_BASELINE_UNKNOWN for a device whose baseline was not committed before the event */
export async function getCommittedBaseline(
  { state }: Transaction,
  { sc1Id, deviceId }: { sc1Id: string; deviceId: string },
): Promise<CommittedBaseline> {
  const baseline = await state.get(committedBaselineAt(sc1Id, deviceId));
  demand(baseline !== undefined, "SC1_BASELINE_UNKNOWN", () => `${sc1Id} commits no baseline of ${deviceId}`);
  return baseline;
}

export async function membersOf({ state }: Transaction, sc1Id: string): Promise<readonly string[]> {
  return (await state.get(membersAt(sc1Id)))?.sc2ContractIds ?? [];
}

/** @throws ContractError SC1_FULL */
export async function addMember(transaction: Transaction, sc1Id: string, sc2ContractId: string): Promise<void> {
  const members = await membersOf(transaction, sc1Id);
  demand(members.length < SC2_PER_SC1_MAX, "SC1_FULL", () => `${sc1Id} has ${SC2_PER_SC1_MAX} SC2 already`);
  transaction.state.put(membersAt(sc1Id), { sc2ContractIds: [...members, sc2ContractId] });
}
