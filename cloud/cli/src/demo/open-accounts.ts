import { loadFleet } from "@gridpact/edge";
import { nodeDisk, wallClock } from "@gridpact/host";
import { Outbox } from "@gridpact/ledger";
import { connectLedger, type PartContext } from "../parts/part.ts";
import { OPENING_BALANCE_MICRO, VN_IDS } from "../wiring/market.ts";

/** Mints what each account holds at first; repeated at every start, it has effect once. */
export async function openAccounts(context: PartContext): Promise<void> {
  const { data, log } = context;
  const ledger = await connectLedger(context, "administrator");
  const disk = nodeDisk(data.at("administrator"));
  const outbox = await Outbox.open({ directory: "outbox" }, { disk, clock: wallClock(), ledger, log });
  const mint = (accountId: string, amountMicro: bigint) =>
    outbox.execute(`mint/${accountId}`, "accounts:Mint", { accountId, amountMicro });
  await Promise.all([
    mint("aggregator", OPENING_BALANCE_MICRO.aggregator),
    ...VN_IDS.map((vnId) => mint(`vn:${vnId}`, OPENING_BALANCE_MICRO.virtualNode)),
    ...loadFleet().map(({ deviceId }) => mint(`feid:${deviceId}`, OPENING_BALANCE_MICRO.device)),
  ]);
  await outbox.close();
}
