import { type MoneySplit, sumOf, totalEvent, totalMoney, type VirtualNodeContribution } from "@gridpact/settlement";
import type { StepContext } from "../aggregator-modules.ts";
import { type DrEvent, type EventResult, eventEndUnixMs, isFinal } from "../event/index.ts";
import { readSc1, readSc2Of, type Sc1, type Sc2 } from "../ledger/index.ts";
import { learnFromEvent } from "../registry/index.ts";

/** When the event is over and every request has ended: reads the result from the ledger and learns from it. */
export async function finishEvent(event: DrEvent, context: StepContext): Promise<DrEvent> {
  const isOver = context.modules.clock.nowUnixMs() >= eventEndUnixMs(event.plan);
  if (!isOver || !event.requests.every(({ state }) => isFinal(state))) return event;
  const contracts = await readContracts(event, context);
  const result = resultOf(event, contracts);
  // Learned first: after a crash in between it is learned again, which the nodes' memory of events makes harmless.
  for (const { sc1 } of contracts) await learn(event.plan.eventId, sc1, context);
  context.modules.log.info("event_completed", { eventId: event.plan.eventId, outcome: result.outcome });
  return context.events.update(event.plan.eventId, (current) => ({ ...current, result }));
}

type EventContract = { role: VirtualNodeContribution["role"]; sc1: Sc1; sc2: Sc2[] };

async function readContracts(event: DrEvent, { modules }: StepContext): Promise<EventContract[]> {
  const contracts: EventContract[] = [];
  for (const { request, role } of event.requests) {
    const sc1 = await readSc1(modules.ledger, request.contractId);
    if (sc1 !== undefined) contracts.push({ role, sc1, sc2: await readSc2Of(modules.ledger, sc1) });
  }
  return contracts;
}

function resultOf(event: DrEvent, contracts: readonly EventContract[]): EventResult {
  const { intervals, requestedWh } = event.plan;
  const virtualNodes = contracts.flatMap(({ role, sc1: { contract } }) => {
    const { settlement, terms } = contract;
    return settlement === null ? [] : [{ contractId: terms.contractId, role, intervals: settlement.intervals }];
  });
  const totals = totalEvent({ intervals, orderedWh: requestedWh, virtualNodes });
  return {
    requestedWh: totals.orderedWh,
    deliveredWh: totals.deliveredWh,
    rearrangedWh: totals.rearrangedWh,
    deficientWh: totals.deficientWh,
    outcome: totals.outcome,
    money: totalMoney(contracts.flatMap(({ sc1, sc2 }) => [sc1.contract, ...sc2].map(fundsOf))),
  };
}

/** The money of one contract; one that ended without settlement returned its whole escrow. */
function fundsOf({ terms, settlement }: Sc1["contract"] | Sc2): MoneySplit {
  if (settlement !== null) return settlement;
  const escrowMicro = sumOf(terms.orderedWh) * terms.priceMicroPerWh;
  return {
    escrowMicro,
    depositMicro: 0n,
    paidMicro: 0n,
    penaltyMicro: 0n,
    returnedToPayerMicro: escrowMicro,
    returnedToProviderMicro: 0n,
  };
}

async function learn(eventId: string, { contract }: Sc1, { nodes }: StepContext): Promise<void> {
  const { vnId, orderedWh } = contract.terms;
  if (nodes.get(vnId) === undefined) return;
  const deliveredWh = contract.settlement?.deliveredWh ?? 0n;
  await nodes.update(vnId, (node) => learnFromEvent(node, { eventId, orderedWh: sumOf(orderedWh), deliveredWh }));
}
