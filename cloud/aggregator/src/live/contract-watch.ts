import type { Ledger } from "@gridpact/ledger";
import { sumOf } from "@gridpact/settlement";
import { type DrEvent, type PlacedRequest, phaseOf } from "../event/index.ts";
import { readSc1, readSc2Of, type Sc2 } from "../ledger/index.ts";

/** A device's contract in an event, as the page shows it. */
export type DeviceProgress = {
  contractId: string;
  deviceId: string;
  vnId: string;
  kind: "original" | "replacement";
  state: Sc2["state"];
  orderedWh: bigint;
  /** Null until settled, as the two below. */
  deliveredWh: bigint | null;
  paidMicro: bigint | null;
  penaltyMicro: bigint | null;
};

/** Completed events whose devices are kept; the page shows fewer. */
const EVENTS_WATCHED_MAX = 32;

/**
 * Device contracts of the newest events, read from the ledger again only when something about the event has changed, so
 * that watching costs a handful of queries for each market time unit.
 */
export class ContractWatch {
  readonly #ledger: Pick<Ledger, "evaluate">;
  readonly #seen = new Map<string, { state: string; devices: DeviceProgress[] }>();

  constructor(ledger: Pick<Ledger, "evaluate">) {
    this.#ledger = ledger;
  }

  devicesOf(eventId: string): DeviceProgress[] {
    return this.#seen.get(eventId)?.devices ?? [];
  }

  async look(event: DrEvent, nowUnixMs: number): Promise<void> {
    const { eventId } = event.plan;
    const state = fingerprint(event, nowUnixMs);
    if (this.#seen.get(eventId)?.state === state) return;
    const devices: DeviceProgress[] = [];
    for (const { request } of event.requests) {
      const sc1 = await readSc1(this.#ledger, request.contractId);
      if (sc1 === undefined) continue;
      const contracts = await readSc2Of(this.#ledger, sc1);
      devices.push(...contracts.map((contract) => progressOf(contract, request.vnId)));
    }
    this.#seen.set(eventId, { state, devices });
    if (this.#seen.size > EVENTS_WATCHED_MAX) this.#seen.delete(this.#seen.keys().next().value ?? "");
  }
}

/** Changes whenever the device contracts may have: with the phase, with every state and with every report. */
function fingerprint(event: DrEvent, nowUnixMs: number): string {
  const requests = event.requests.map(({ request, state, reports }: PlacedRequest) => {
    return `${request.requestId}=${state}:${reports.length}`;
  });
  return [phaseOf(event, nowUnixMs), ...requests].join();
}

function progressOf({ terms, state, settlement }: Sc2, vnId: string): DeviceProgress {
  const { contractId, deviceId, kind, orderedWh } = terms;
  return {
    contractId,
    deviceId,
    vnId,
    kind,
    state,
    orderedWh: sumOf(orderedWh),
    deliveredWh: settlement?.deliveredWh ?? null,
    paidMicro: settlement?.paidMicro ?? null,
    penaltyMicro: settlement?.penaltyMicro ?? null,
  };
}
