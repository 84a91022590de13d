import type { DrRequest } from "@gridpact/proto";
import { type Incentive, smaller, sumOf } from "@gridpact/settlement";
import type { CallableDevice } from "../agent-host.ts";
import { type Choice, type ChoiceInputs, type ChoiceRules, type ChoiceWay, fallBack } from "../dispatch/index.ts";
import { type Candidate, type EventDocument, orderedAt } from "../document/index.ts";
import { readIncentive } from "../ledger/index.ts";
import { busyDevices } from "./busy-devices.ts";
import { originalsFor, rulesFor } from "./choose-devices.ts";
import { type CandidateSearch, candidateFor, type PassedOver, searchFor, unitsFor } from "./find-candidates.ts";
import type { PlanContext } from "./plan-context.ts";
import { faultOf } from "./request-fault.ts";

/**
 * Work of one tick: forty devices whose forecasts are kept, or eight that have to be forecast. Either takes some fifty
 * milliseconds, and devices wait for their acknowledgements meanwhile.
 */
export const PLANNING_UNITS_PER_TICK = 40;

/** So long before the answer is due the choice is made from the devices that have been looked at. */
const ANSWER_LEAD_MS = 60_000;

/** So long before the answer is due the greedy orders are taken where the optimiser's are not there yet. */
const DISPATCH_LEAD_MS = 30_000;

/** The document of a planned event, and what was chosen by beside it; no rules where nothing could be chosen. */
export type PlannedEvent = {
  planned: EventDocument;
  choice: { rules: ChoiceRules; passedOver: PassedOver[]; way?: ChoiceWay } | null;
};

/** A request whose devices are being looked at; in memory only, so a crash begins anew. */
type Planning = {
  document: EventDocument;
  search: CandidateSearch;
  waiting: CallableDevice[];
  candidates: Candidate[];
  passedOver: PassedOver[];
  /** What orders are being solved for; undefined while devices are looked at. */
  inputs: ChoiceInputs | undefined;
};

/**
 * Plans requests, a slice with each tick and one request after the other: baseline, forecast and flexibility of every
 * free device, then the choice within the limits, which may take a thread of its own some ticks more. The document
 * nominates what can be delivered; when that is nothing, it says why.
 */
export class EventPlanner {
  #running: Planning | undefined;
  /** Whose history is in use: from the first slice until the event is saved. */
  #unsaved: EventDocument | undefined;
  #units = 0;

  /** Gives the planner the work of one more tick. */
  renew(): void {
    this.#units = PLANNING_UNITS_PER_TICK;
  }

  /** The request that is being planned; the others wait for it. */
  runningRequestId(): string | undefined {
    return this.#running?.document.request.requestId;
  }

  /** Devices of that request that have not been looked at. */
  waitingCount(): number {
    return this.#running?.waiting.length ?? 0;
  }

  /** A document that is planned by a history and not among the events yet: that history is still needed. */
  unsaved(): EventDocument | undefined {
    return this.#unsaved;
  }

  /** To be called once the planned event is saved: from then on it says itself what it needs. */
  saved(): void {
    this.#unsaved = undefined;
  }

  /** Forgets what runs when nobody asks for it any more. */
  keepOnly(requestIds: ReadonlySet<string>): void {
    if (!requestIds.has(this.runningRequestId() ?? "")) this.#running = undefined;
    if (!requestIds.has(this.#unsaved?.request.requestId ?? "")) this.#unsaved = undefined;
  }

  /** Goes on with a request as far as this tick's work goes; undefined while devices wait. */
  async step(request: DrRequest, context: PlanContext): Promise<PlannedEvent | undefined> {
    if (this.runningRequestId() !== request.requestId) {
      const document = await emptyDocument(request, context);
      const reason = faultOf(request, context);
      if (reason !== undefined) return { planned: { ...document, reason }, choice: null };
      const incentive = await readIncentive(context.modules.ledger, context.options.programmeId);
      this.#running = begun({ document, incentive }, context);
      this.#unsaved = document;
    }
    const planning = this.#running;
    if (planning === undefined) return undefined;
    if (planning.inputs === undefined) await this.#lookAtDevices(planning, context);
    const leftMs = request.respondByUnixMs - context.modules.clock.nowUnixMs();
    if (planning.waiting.length > 0 && leftMs > ANSWER_LEAD_MS) return undefined;
    const choice = solved(planning, context) ?? (leftMs > DISPATCH_LEAD_MS ? undefined : tooLate(planning));
    if (choice === undefined) return undefined;
    this.#running = undefined;
    return plannedEvent(planning, choice);
  }

  async #lookAtDevices({ search, waiting, candidates, passedOver }: Planning, context: PlanContext): Promise<void> {
    for (let device = waiting[0]; device !== undefined; device = waiting[0]) {
      const units = unitsFor(device, search, context);
      if (units > this.#units) return;
      this.#units -= units;
      const found = await candidateFor(device, search, context);
      // Only now: a device whose log could not be read is looked at again with the next tick.
      waiting.shift();
      if (typeof found === "string") passedOver.push({ deviceId: device.deviceId, reason: found });
      else candidates.push(found);
    }
  }
}

function begun(
  { document, incentive }: { document: EventDocument; incentive: Incentive },
  context: PlanContext,
): Planning {
  const { waiting, passedOver, ...search } = searchFor({ ...document, incentive }, context);
  return { document, search, waiting, candidates: [], passedOver, inputs: undefined };
}

/**
 * The solved orders; undefined while they are not there. What came between the first slice and the last one counts: a
 * device that was sold meanwhile is not sold again, and orders that count on it are solved for anew.
 */
function solved(planning: Planning, context: PlanContext): Choice | undefined {
  const { request } = planning.document;
  const busy = busyDevices(context.events.list(), request.intervals);
  const isSold = planning.inputs?.candidates.some(({ deviceId }) => busy.has(deviceId)) ?? true;
  if (isSold) {
    const candidates = planning.candidates.filter(({ deviceId }) => !busy.has(deviceId));
    planning.inputs = { request, candidates, rules: rulesFor(request, candidates, context) };
    context.dispatcher.begin(planning.inputs);
  }
  return context.dispatcher.choice();
}

function tooLate({ inputs }: Planning): Choice | undefined {
  return inputs && fallBack(inputs, "no_time");
}

function plannedEvent({ document, inputs, ...planning }: Planning, { orders, way }: Choice): PlannedEvent {
  const { request } = document;
  const { candidates: free = [], rules } = inputs ?? {};
  const freeIds = new Set(free.map(({ deviceId }) => deviceId));
  const sold = planning.candidates.filter(({ deviceId }) => !freeIds.has(deviceId));
  const passedOver: PassedOver[] = [
    ...planning.passedOver,
    ...sold.map(({ deviceId }) => reasoned(deviceId, "busy")),
    ...planning.waiting.map(({ deviceId }) => reasoned(deviceId, "no_time")),
  ];
  const assignments = originalsFor(request, orders);
  const nominatedWh = request.orderedWh.map((orderedWh, index) => {
    return smaller(orderedWh, sumOf(assignments.map((each) => orderedAt(each, index))));
  });
  const isOffer = nominatedWh.some((each) => each > 0n);
  const reason = isOffer ? "" : `none of ${free.length} candidates can reduce anything`;
  return {
    planned: { ...document, candidates: [...free], nominatedWh, assignments, reason },
    choice: rules === undefined ? null : { rules, passedOver, ...(way && { way }) },
  };
}

function reasoned(deviceId: string, reason: PassedOver["reason"]): PassedOver {
  return { deviceId, reason };
}

async function emptyDocument(request: DrRequest, { modules }: PlanContext): Promise<EventDocument> {
  const { height } = await modules.ledger.chainInfo();
  return {
    request,
    phase: "planned",
    reason: "",
    candidates: [],
    nominatedWh: request.orderedWh.map(() => 0n),
    assignments: [],
    round: 0,
    amending: null,
    deliveringPerMille: {},
    reports: [],
    plannedAtUnixMs: modules.clock.nowUnixMs(),
    plannedAtHeight: height,
  };
}
