/** A day played in the simulation, for tests that need a real ledger and real receipts. */
import type { SimulatedDisk } from "@gridpact/host";
import { BlockVerifier, type Consortium, type ProvenBlock, readStoredBlocks } from "@gridpact/ledger";
import { channelConsortium } from "../src/consortium/channel-consortium.ts";
import type { Consortium as Members } from "../src/consortium/consortium.ts";
import { type PlayOptions, playDay } from "../src/simulate/play-day.ts";

/** Enough for originals, replacements, a fallback node and a penalty. */
const DEVICE_IDS = ["d-ld33-commercial", "d-ld34-commercial", "d-home-h01", "d-ld43-ev", "o-zone-1", "o-zone-2"];

const QUARTER_HOUR_MS = 900_000;

export type Day = {
  receipts: Map<string, string>;
  consortium: Consortium;
  /** The same with everybody's keys. */
  members: Members;
  ledgerDisk: SimulatedDisk;
  /** Of the parties that have an outbox, by the name of their directory; it lies in `outbox`. */
  partyDisks: ReadonlyMap<string, SimulatedDisk>;
};

/** The same seed gives the same day. */
export async function playedDay(
  seed: string,
  options: Pick<PlayOptions, "consentsTogetherMin" | "deviceIds" | "readingPeriodMs"> = {},
): Promise<Day> {
  const { receipts, world } = await playDay({
    deviceIds: DEVICE_IDS,
    readingPeriodMs: QUARTER_HOUR_MS,
    ...options,
    seed,
    hasFaults: false,
  });
  const nodeDisks = world.nodes.map(({ vnId, disk }): [string, SimulatedDisk] => [`vn-${vnId}`, disk]);
  return {
    receipts,
    consortium: channelConsortium(world.consortium),
    members: world.consortium,
    ledgerDisk: world.ledger.disk,
    partyDisks: new Map([["aggregator", world.aggregator.disk], ...nodeDisks]),
  };
}

export function blocksOf({ ledgerDisk }: Day): AsyncGenerator<Uint8Array> {
  return readStoredBlocks({ disk: ledgerDisk });
}

export async function provenBlocksOf(day: Day): Promise<ProvenBlock[]> {
  const verifier = new BlockVerifier(day.consortium);
  const blocks: ProvenBlock[] = [];
  for await (const bytes of blocksOf(day)) blocks.push(verifier.verify(bytes));
  return blocks;
}

/** What parties with an outbox do in such a day that holds, pays or gives back: escrows, a fallback, ends. */
const MONEY_ACTS = ["sc1:SetupDR", "sc1:AcceptReduction", "sc1:CallFallback", "sc1:DRCompletion", "sc2:SetupDRBatch"];

/** How many transactions moved money for a party that has an outbox, told by their names alone. */
export function moneyActsOf(blocks: readonly ProvenBlock[]): number {
  const names = blocks.flatMap(({ transactions }) => [...transactions.values()].map(({ name }) => name));
  return names.filter((name) => MONEY_ACTS.includes(name)).length;
}
