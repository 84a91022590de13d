import type { DrRequest, Resource, ResourceKind } from "@gridpact/proto";
import { fundsFor, type Incentive, share } from "@gridpact/settlement";
import type { VnAgentOptions } from "../agent-options.ts";

type PriceShares = Pick<VnAgentOptions, "devicePriceSharePerMille" | "kindPriceSharesPerMille">;

/** What a device is paid for each Wh, by what stands behind it: the price of its dearest resource. */
export function devicePrice(
  { resources }: { resources: readonly Resource[] },
  { priceMicroPerWh }: Pick<DrRequest, "priceMicroPerWh">,
  { devicePriceSharePerMille, kindPriceSharesPerMille }: PriceShares,
): bigint {
  const shares = resources.map(({ kind }: { kind: ResourceKind }) => {
    return kindPriceSharesPerMille[kind] ?? devicePriceSharePerMille;
  });
  return share(priceMicroPerWh, shares.length === 0 ? devicePriceSharePerMille : Math.max(...shares));
}

const KWH_IN_WH = 1_000n;

/** What a kWh ordered at a price earns a device when all of it is delivered, by the incentive of the programme. */
export function payForKwh(priceMicroPerWh: bigint, incentive: Incentive): bigint {
  const free = { direction: "reduce", penaltyMicroPerWh: 0n, penaltyCapMicro: 0n } as const;
  return fundsFor({ ...free, priceMicroPerWh, incentive }, [KWH_IN_WH]).escrowMicro;
}
