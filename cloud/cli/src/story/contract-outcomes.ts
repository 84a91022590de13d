import type { DrEvent } from "@gridpact/aggregator";
import type { Sc1, Sc2 } from "@gridpact/contracts";
import { ask, type Ledger } from "@gridpact/ledger";
import { arrangementFaults } from "./arrangement-faults.ts";

/** How one contract with a virtual node ended, and those of its devices. */
export type ContractOutcome = {
  vnId: string;
  role: string;
  /** The contract whose named fallback it is; left out for any other. */
  inPlaceOf?: string;
  outcome: string;
  /** Contracts with devices by their outcome; `expired` were never accepted. */
  devices: Record<"success" | "partial" | "failure" | "expired", number>;
  /** Contracts with devices whose order was amended during the event. */
  amended: number;
  /** Where original + re-arranged + deficient is not what was requested, by what the devices' contracts say; none. */
  faults: string[];
};

/** Reads from the ledger how the completed contracts of an event ended. */
export function contractOutcomes(ledger: Ledger, event: DrEvent): Promise<ContractOutcome[]> {
  const completed = event.requests.filter(({ state }) => state === "completed");
  return Promise.all(
    completed.map(async ({ request, role, inPlaceOf }) => {
      const { contract, sc2ContractIds } = await ask(ledger, "sc1:GetContract", { contractId: request.contractId });
      const members: Sc2[] = [];
      for (const contractId of sc2ContractIds) members.push(await ask(ledger, "sc2:GetContract", { contractId }));
      const called = inPlaceOf === undefined ? {} : { inPlaceOf };
      return { vnId: request.vnId, role, ...called, ...outcomeOf(contract, members) };
    }),
  );
}

function outcomeOf(contract: Sc1, members: readonly Sc2[]): Omit<ContractOutcome, "vnId" | "role" | "inPlaceOf"> {
  const devices = { success: 0, partial: 0, failure: 0, expired: 0 };
  for (const { settlement } of members) devices[settlement?.outcome ?? "expired"] += 1;
  return {
    outcome: contract.settlement?.outcome ?? "expired",
    devices,
    amended: members.filter(({ amendment }) => amendment !== null).length,
    faults: arrangementFaults(contract, members),
  };
}
