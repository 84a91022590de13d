import type { DrEvent } from "@gridpact/aggregator";
import { readResult, type TransactionName } from "@gridpact/contracts";
import type { Ledger } from "@gridpact/ledger";
import type { JsonValue } from "@gridpact/settlement";

/** How one contract with a virtual node ended, and those of its devices. */
export type ContractOutcome = {
  vnId: string;
  role: string;
  /** The contract whose named fallback it is; left out for any other. */
  inPlaceOf?: string;
  outcome: string;
  /** Contracts with devices by their outcome; `expired` were never accepted. */
  devices: Record<"success" | "partial" | "failure" | "expired", number>;
};

/** Reads from the ledger how the completed contracts of an event ended. */
export function contractOutcomes(ledger: Ledger, event: DrEvent): Promise<ContractOutcome[]> {
  const completed = event.requests.filter(({ state }) => state === "completed");
  return Promise.all(
    completed.map(async ({ request, role, inPlaceOf }) => {
      const { contract, sc2ContractIds } = await read(ledger, "sc1:GetContract", request.contractId);
      const devices = { success: 0, partial: 0, failure: 0, expired: 0 };
      for (const contractId of sc2ContractIds) {
        const { settlement } = await read(ledger, "sc2:GetContract", contractId);
        devices[settlement?.outcome ?? "expired"] += 1;
      }
      const called = inPlaceOf === undefined ? {} : { inPlaceOf };
      return { vnId: request.vnId, role, ...called, outcome: contract.settlement?.outcome ?? "expired", devices };
    }),
  );
}

async function read<N extends TransactionName>(ledger: Ledger, name: N, contractId: string) {
  return readResult(name, (await ledger.evaluate(name, { contractId })) as JsonValue);
}
