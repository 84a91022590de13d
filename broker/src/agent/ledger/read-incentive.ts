import { ledgerRefusal } from "@gridpact/ledger";
import { type Incentive, type JsonValue, reviveUnits } from "@gridpact/settlement";
import type { LedgerReader } from "./contract-reader.ts";

const ENERGY: Incentive = { kind: "energy" };

/** What the programme of a node pays for; energy alone without a programme, or before it is published. */
export async function readIncentive(ledger: LedgerReader, programmeId: string | null): Promise<Incentive> {
  if (programmeId === null) return ENERGY;
  try {
    const programme = reviveUnits((await ledger.evaluate("programmes:GetProgramme", { programmeId })) as JsonValue);
    return incentiveOf((programme as { policy: { incentive: StoredIncentive } }).policy.incentive);
  } catch (error) {
    if (ledgerRefusal(error) === "PROGRAMME_UNKNOWN") return ENERGY;
    throw error;
  }
}

/** As the contract keeps it: with the fields of every kind. */
type StoredIncentive = {
  kind: Incentive["kind"];
  capacityMicroPerWh: bigint;
  tiers: { uptoPerMille: string; priceMicroPerWh: bigint }[];
};

function incentiveOf({ kind, capacityMicroPerWh, tiers }: StoredIncentive): Incentive {
  switch (kind) {
    case "energy":
      return ENERGY;
    case "capacity":
      return { kind, capacityMicroPerWh };
    case "tiered":
      return {
        kind,
        tiers: tiers.map((tier) => ({
          uptoPerMille: BigInt(tier.uptoPerMille),
          priceMicroPerWh: tier.priceMicroPerWh,
        })),
      };
  }
}
