import { Gauge, type Registry } from "prom-client";
import { type BalanceReport, balanceReport, keptPerMille } from "../agent/index.ts";
import type { AgentViewModules } from "./agent-view.ts";

type Snapshot = { report: BalanceReport | undefined; modules: AgentViewModules };
type Definition = { name: string; help: string; read: (snapshot: Snapshot) => number };

const WHOLE_PER_MILLE = 1_000;

/** Energies and peaks are of the newest day. All are gauges: what was balanced is kept over a restart. */
const METRICS: readonly Definition[] = [
  {
    name: "gridpact_balance_devices",
    help: "Devices that take part in self-balancing",
    read: ({ modules }) => modules.agent.balance().takingPartCount(),
  },
  {
    name: "gridpact_balance_left_alone_devices",
    help: "Of these, left alone for a day because they did not follow",
    read: ({ modules }) => modules.agent.balance().leftAloneCount(modules.nowUnixMs()),
  },
  {
    name: "gridpact_balance_surplus_wh",
    help: "What members would have had beyond their own use, of the day",
    read: ({ report }) => Number(report?.figures.surplusWh ?? 0n),
  },
  {
    name: "gridpact_balance_self_consumption_ratio",
    help: "Share of that surplus that did not leave its feeder",
    read: ({ report }) => ratio(report?.figures.keptWh, report?.figures.surplusWh),
  },
  {
    name: "gridpact_balance_unmoved_self_consumption_ratio",
    help: "What that share would have been without self-balancing",
    read: ({ report }) => ratio(report?.figures.unmovedKeptWh, report?.figures.surplusWh),
  },
  {
    name: "gridpact_balance_peak_watts",
    help: "Highest import of the node in a market time unit of the day",
    read: ({ report }) => report?.figures.peakW ?? 0,
  },
  {
    name: "gridpact_balance_unmoved_peak_watts",
    help: "What that import would have been without self-balancing",
    read: ({ report }) => report?.figures.unmovedPeakW ?? 0,
  },
  {
    name: "gridpact_balance_shared_wh",
    help: "Energy that went from member to member at the same feeder, of the day",
    read: ({ report }) => Number(report?.figures.sharedWh ?? 0n),
  },
  {
    name: "gridpact_balance_moved_wh",
    help: "Energy that storage and waiting loads moved, of the day",
    read: ({ report }) => Number(report?.figures.movedWh ?? 0n),
  },
];

/** Adds what the node's own balance came to. */
export function registerBalanceMetrics(registry: Registry, modules: AgentViewModules): void {
  const report = () => balanceReport(modules.agent.balance().units(), modules.mtuMs);
  for (const { name, help, read } of METRICS) {
    const shown: Gauge = new Gauge({
      name,
      help,
      registers: [registry],
      collect: () => shown.set(read({ report: report(), modules })),
    });
  }
  const feeders: Gauge = new Gauge({
    name: "gridpact_balance_feeder_units",
    help: "Units of feeders that are kept, by what became of them: planned, held for an event, or why left alone",
    labelNames: ["outcome"],
    registers: [registry],
    collect: () => {
      feeders.reset();
      for (const [outcome, count] of Object.entries(report()?.outcomes ?? {})) feeders.set({ outcome }, count);
    },
  });
}

function ratio(keptWh = 0n, surplusWh = 0n): number {
  return keptPerMille(keptWh, surplusWh) / WHOLE_PER_MILLE;
}
