import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DrEvent } from "@gridpact/aggregator";
import { readBalance } from "@gridpact/broker";
import { nodeDisk } from "@gridpact/host";
import { CliError } from "../cli-error.ts";
import type { FleetStatus } from "../parts/fleet-status.ts";
import { connectLedger, type PartContext } from "../parts/part.ts";
import { contractOutcomes } from "../story/contract-outcomes.ts";
import { type DaySummary, type NodeBalance, nodeBalance, summarise } from "../story/summary.ts";
import { unservedRequests } from "../story/unserved.ts";
import { isReceiptName } from "../verify/run-verify.ts";
import { MTU_MS, VN_IDS } from "../wiring/market.ts";
import { readMetrics } from "./metrics-reader.ts";
import type { Story } from "./play-story.ts";
import type { System } from "./system.ts";

type FactSources = { context: PartContext; system: System; seconds: number };

/** Waits until everything is settled, sent and written down, then says what the day came to. */
export async function dayFacts(
  { event, restarts }: Story,
  { context, system, seconds }: FactSources,
): Promise<DaySummary> {
  if (event.result === null) throw new CliError("STORY_LATE", "the event has no result");
  await system.until("the receipts", async () => (hasAllReceipts(context, event) ? true : undefined));
  const { fleet, sum } = await system.until("a moment with nothing under way", () => quietMoment(system));
  const ledger = await connectLedger(context, "auditor");
  const { height, currentBlockHash } = await ledger.chainInfo();
  return summarise({
    seed: event.plan.eventId,
    seconds,
    virtualNodes: VN_IDS.length,
    feids: fleet.devices,
    readings: {
      sent: fleet.readingsSent,
      acked: fleet.readingsAcked,
      stored: sum("gridpact_ingest_accepted_readings_total"),
      // A rejected envelope counts as one: what it says of its readings is not to be trusted.
      rejected: sum("gridpact_ingest_rejected_envelopes_total"),
    },
    restarts,
    anchors: {
      batches: sum("gridpact_anchor_anchored_batches"),
      leaves: sum("gridpact_anchor_anchored_leaves"),
    },
    balance: await balanceOf(context),
    result: event.result,
    contracts: await contractOutcomes(ledger, event),
    unserved: unservedRequests(event),
    receipts: collectReceipts(context, event.plan.eventId),
    ledger: { height, headHash: Buffer.from(currentBlockHash).toString("hex") },
  });
}

async function balanceOf({ data }: PartContext): Promise<NodeBalance[]> {
  const balances: NodeBalance[] = [];
  for (const vnId of VN_IDS) {
    const report = await readBalance(nodeDisk(data.at(`vn-${vnId}`, "agent")), MTU_MS);
    if (report !== undefined) balances.push(nodeBalance(vnId, report));
  }
  return balances;
}

/** Collects the receipts of an event, which each node keeps for itself, in one directory; gives their paths. */
function collectReceipts({ data }: PartContext, eventId: string): string[] {
  mkdirSync(data.at("receipts"), { recursive: true });
  return VN_IDS.flatMap((vnId) => {
    const directory = data.at(`vn-${vnId}`, "agent", "receipts");
    const own = filesIn(directory).filter((name) => isReceiptName(name) && name.startsWith(`${eventId}.`));
    return own.map((name) => {
      const collected = data.at("receipts", name);
      copyFileSync(join(directory, name), collected);
      return collected;
    });
  });
}

/** Whether the agents of all nodes that had a contract have written their receipts. */
function hasAllReceipts({ data }: PartContext, event: DrEvent): boolean {
  return event.requests
    .filter(({ state }) => state === "completed")
    .every(({ request }) => {
      const directory = data.at(`vn-${request.vnId}`, "agent", "events");
      const documents = filesIn(directory).filter((name) => name.endsWith(".json"));
      return documents.some((name) => {
        const document = JSON.parse(readFileSync(join(directory, name), "utf8")) as {
          phase: string;
          request: { requestId: string };
        };
        return document.request.requestId === request.requestId && document.phase === "completed";
      });
    });
}

function filesIn(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory).sort() : [];
}

type Quiet = { fleet: FleetStatus; sum: (metric: string) => number };

/**
 * Counters of devices and virtual nodes that belong together: the devices had nothing under way before and after the
 * nodes were asked, and measured nothing meanwhile.
 */
async function quietMoment(system: System): Promise<Quiet | undefined> {
  const before = await system.fleetStatus();
  if (before.envelopesWaiting > 0 || before.readingsUnsigned > 0) return undefined;
  const pages = await Promise.all(VN_IDS.map(async (vnId) => readMetrics(await system.portOf(`vn-${vnId}`, "health"))));
  const after = await system.fleetStatus();
  if (after.readingsSent !== before.readingsSent) return undefined;
  return { fleet: before, sum: (metric) => pages.reduce((total, value) => total + value(metric), 0) };
}
