import { learnOutcome, NEW_SUPPLIER } from "@gridpact/flexibility";
import type { DeviceSettlement as Settlement } from "@gridpact/settlement";
import { larger, sumOf } from "@gridpact/settlement";
import type { Given } from "../agent-host.ts";
import { type ChoiceOutcome, type ChoiceStore, judgeChoice } from "../choice/index.ts";
import {
  type Assignment,
  type Candidate,
  type EventDocument,
  eventEndUnixMs,
  eventStartUnixMs,
} from "../document/index.ts";
import type { ProsumerBook } from "../prosumer/index.ts";

/** Where what an event taught is kept. */
export type LearnContext = Given<"devices" | "log"> & { choices: ChoiceStore; prosumers: ProsumerBook };

/** How the contract with one device was settled. */
export type DeviceSettlement = Pick<Settlement, "intervals" | "paidMicro" | "penaltyMicro"> & { contractId: string };

/**
 * Judges the choice of a settled event and teaches every candidate's agent state what came of it. Each part may be
 * repeated after a crash and changes nothing then.
 */
export async function learnFromEvent(
  event: EventDocument,
  settlements: readonly DeviceSettlement[],
  context: LearnContext,
): Promise<void> {
  const outcomes = event.assignments.map((assignment) => {
    return outcomeOf(
      assignment,
      settlements.find(({ contractId }) => contractId === assignment.contractId),
    );
  });
  // Before anything is learned: what would have been chosen otherwise goes by what was known then.
  await judge(event, outcomes, context);
  const byDevice = new Map(outcomes.map((outcome) => [outcome.deviceId, outcome]));
  for (const candidate of event.candidates)
    await teach(event, { candidate, outcome: byDevice.get(candidate.deviceId) }, context);
}

function outcomeOf(assignment: Assignment, settlement: DeviceSettlement | undefined): ChoiceOutcome {
  const { deviceId, kind, firstInterval, amendment } = assignment;
  // What was taken off it was promised, too: a device that failed must not look as if it had kept its word.
  const orderedWh = assignment.orderedWh.map((each, index) => larger(each, amendment?.orderedWh[index] ?? each));
  return {
    deviceId,
    kind,
    hasSigned: settlement !== undefined,
    inForceWh: amendment?.orderedWh ?? null,
    firstInterval,
    orderedWh,
    deliveredWh: orderedWh.map((_, index) => settlement?.intervals[index]?.deliveredWh ?? 0n),
    paidMicro: settlement?.paidMicro ?? 0n,
    penaltyMicro: settlement?.penaltyMicro ?? 0n,
  };
}

async function judge(
  { request }: EventDocument,
  outcomes: ChoiceOutcome[],
  { choices, prosumers, modules }: LearnContext,
): Promise<void> {
  const record = await choices.find(request.requestId);
  if (record === undefined || record.value !== null) return;
  const memoryOf = (deviceId: string) => prosumers.find(deviceId)?.memory ?? NEW_SUPPLIER;
  const value = await judgeChoice(record, outcomes, memoryOf);
  await choices.save({ ...record, outcomes, value });
  modules.log.info("choice_judged", {
    requestId: request.requestId,
    actualMicro: Number(value.actualMicro),
    greedyMicro: Number(value.greedyMicro),
    clairvoyantMicro: Number(value.clairvoyantMicro),
  });
}

async function teach(
  event: EventDocument,
  { candidate, outcome }: { candidate: Candidate; outcome: ChoiceOutcome | undefined },
  { prosumers, modules, options }: LearnContext,
): Promise<void> {
  const { deviceId, reducibleWh } = candidate;
  const resources = modules.devices().find((device) => device.deviceId === deviceId)?.resources ?? [];
  const state = learnOutcome(prosumers.stateOf(deviceId, resources), {
    eventId: event.request.eventId,
    startUnixMs: eventStartUnixMs(event),
    endUnixMs: eventEndUnixMs(event),
    offeredWh: Number(sumOf(reducibleWh)),
    orderedWh: Number(sumOf(outcome?.orderedWh ?? [])),
    deliveredWh: Number(sumOf(outcome?.deliveredWh ?? [])),
    earnedMicro: Number((outcome?.paidMicro ?? 0n) - (outcome?.penaltyMicro ?? 0n)),
    hasSigned: outcome?.hasSigned ?? null,
    responseLagMs: outcome === undefined ? null : responseLagMs(outcome, options.mtuMs),
  });
  await prosumers.save(state);
}

/**
 * How long the device took to come down to what was ordered, from registers alone: what its first interval lacks
 * against the later ones. Null where no later interval shows what it can do.
 */
function responseLagMs({ orderedWh, deliveredWh }: ChoiceOutcome, mtuMs: number): number | null {
  const rates = orderedWh.flatMap((ordered, index) => {
    return ordered === 0n ? [] : [Number(deliveredWh[index] ?? 0n) / Number(ordered)];
  });
  const [first, ...later] = rates;
  const settled = Math.max(0, ...later);
  if (first === undefined || settled === 0) return null;
  return Math.round(mtuMs * Math.max(0, 1 - first / settled));
}
