import type { MoveView } from "@gridpact/aggregator";
import { type ReceiptMoney, verifyReceipt } from "@gridpact/ledger/receipts";
import type { ProsumerSummary } from "@gridpact/proto";
import { channelConsortium } from "../consortium/channel-consortium.ts";
import { VN_IDS } from "../wiring/market.ts";
import { advanceUntil } from "./advance-until.ts";
import { crashAt, crashMovers, type MoveParty } from "./crash-movers.ts";
import { type PlayedDay, type PlayOptions, playDay } from "./play-day.ts";
import { planEvent, untilEvent } from "./play-event.ts";
import type { World } from "./world.ts";

export type PlayMovesOptions = Omit<PlayOptions, "afterEvent" | "describedAs" | "feeder"> & {
  /** Loses its power in each state of a move that takes time; by seed anybody may, with `hasFaults`. */
  crashing?: MoveParty;
  /** The moves are approved while contracts of another event are in force. */
  isUnderContract?: boolean;
};

/** What a receipt proves, offline. */
export type ProvenReceipt = {
  vnId: string;
  eventId: string;
  deviceId: string;
  isOk: boolean;
  money: ReceiptMoney | null;
};

/** A day with moves: what became of each, and where every device is at the end. */
export type PlayedMoves = PlayedDay & {
  moves: MoveView[];
  /** By device: the node that the ledger has it at, and the nodes that have it as a member. */
  homes: { deviceId: string; ledgerVnId: string; memberOf: string[] }[];
  /** What moves waited for, in the order in which it was said. */
  waitedFor: string[];
  proven: ProvenReceipt[];
  /** What all accounts hold with escrows, and what was ever minted; micro-euro. */
  money: { heldMicro: bigint; mintedMicro: bigint };
};

/** The event that is played once devices are where they have moved to. */
export const EVENT_AFTER_MOVES = "after-moves";

const EVENT_MEANWHILE = "meanwhile";

/** Members change places only within a feeder. */
const FEEDER = "f1";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Events that nodes say were before: as many as a plan wants before it moves anybody. */
const EVENTS_BEFORE = 12;

/** Some days before the demonstration's. */
const FIRST_EVENT_UNIX_MS = Date.UTC(2016, 0, 12, 12);

/** The next plan comes six hours after the first, and every process may be down meanwhile. */
const PLANNED_WITHIN_MS = 12 * HOUR_MS;

/** Two deadlines of an hour, an event that is waited for, and what crashes cost. */
const MOVED_WITHIN_MS = 12 * HOUR_MS;

/** The hour before its plan that a baseline needs at the new node, and a quarter to begin with. */
const METERED_MS = HOUR_MS + 15 * MINUTE_MS;

/** Every window of the programme is over: what was held back is paid out. */
const ALL_OVER_MS = 8 * HOUR_MS;

/**
 * Plays a day in which, after its event, devices change places between nodes while processes crash, and an event after
 * that in which they take part where they have moved to.
 */
export async function playMoves(options: PlayMovesOptions): Promise<PlayedMoves> {
  const { crashing, isUnderContract = false, ...dayOptions } = options;
  let moves: MoveView[] = [];
  const waitedFor: string[] = [];
  const afterEvent = async (world: World) => {
    await untilProposed(world);
    if (isUnderContract) {
      await planEvent(world, EVENT_MEANWHILE);
      await untilEvent(world, EVENT_MEANWHILE, ({ requests }) => requests.some(({ state }) => state === "contracted"));
    }
    await approve(world);
    if (options.hasFaults) crashMovers(world);
    if (crashing !== undefined) crashAt(world, crashing);
    moves = await untilMoved(world, waitedFor);
    await world.clock.advanceTo(world.clock.nowUnixMs() + METERED_MS);
    await planEvent(world, EVENT_AFTER_MOVES);
    await untilEvent(world, EVENT_AFTER_MOVES, ({ result }) => result !== null);
    await world.clock.advanceTo(world.clock.nowUnixMs() + ALL_OVER_MS);
  };
  const played = await playDay({ ...dayOptions, feeder: FEEDER, describedAs: alikeMembers, afterEvent });
  const { world } = played;
  const money = await moneyOf(world);
  return { ...played, moves, homes: await homesOf(world), waitedFor, proven: provenReceipts(played), money };
}

async function untilProposed(world: World): Promise<void> {
  await advanceUntil(world, PLANNED_WITHIN_MS, async () => {
    return (
      world.aggregator
        .core()
        ?.clusters()
        .moves.some(({ state }) => state === "proposed") === true
    );
  });
}

/** Approves all that the newest plan proposes. */
async function approve(world: World): Promise<void> {
  await advanceUntil(world, PLANNED_WITHIN_MS, async () => {
    const core = world.aggregator.core();
    const { newest, moves } = core?.clusters() ?? { newest: null, moves: [] };
    if (core === undefined || newest === null || !moves.some(({ state }) => state === "proposed")) return false;
    const approving = core.approveMoves({ planHashHex: newest.inputsHashHex }).catch(() => undefined);
    await world.clock.advanceTo(world.clock.nowUnixMs() + MINUTE_MS);
    return (await approving) !== undefined;
  });
}

/** Members of a node are said to miss the same half of all events and none of the other, so that a plan parts them. */
function alikeMembers(vnId: string, summaries: readonly ProsumerSummary[]): ProsumerSummary[] {
  const remainder = vnId === VN_IDS[0] ? 0 : 1;
  const events = Array.from({ length: EVENTS_BEFORE }, (_, event) => ({
    eventId: `before-${event}`,
    startUnixMs: FIRST_EVENT_UNIX_MS + event * DAY_MS,
    promisedWh: 100,
    deliveredWh: event % 2 === remainder ? 0 : 100,
  }));
  return summaries.map((summary) => ({ ...summary, events }));
}

async function untilMoved(world: World, waitedFor: string[]): Promise<MoveView[]> {
  let moves: MoveView[] = [];
  await advanceUntil(world, MOVED_WITHIN_MS, async () => {
    const clusters = world.aggregator.core()?.clusters();
    if (clusters === undefined) return false;
    moves = clusters.moves.filter(({ state }) => state !== "proposed");
    for (const { state, reason } of moves) {
      if (state === "underWay" && reason !== "" && !waitedFor.includes(reason)) waitedFor.push(reason);
    }
    return moves.length > 0 && moves.every(({ state }) => state === "done" || state === "refused");
  });
  // The nodes hear the end, and devices that stay go on.
  await world.clock.advanceTo(world.clock.nowUnixMs() + HOUR_MS);
  return moves;
}

/** Every receipt of the day, checked as anybody would who holds it. */
function provenReceipts({ receipts, world }: PlayedDay): ProvenReceipt[] {
  const consortium = channelConsortium(world.consortium);
  return [...receipts].map(([path, text]) => {
    const { ok: isOk, subject, money } = verifyReceipt(text, consortium);
    const [vnId = ""] = path.split("/");
    return { vnId, eventId: subject?.eventId ?? "", deviceId: subject?.deviceId ?? "", isOk, money };
  });
}

async function moneyOf(world: World): Promise<PlayedMoves["money"]> {
  const accountIds = ["aggregator", ...VN_IDS.map((vnId) => `vn:${vnId}`)];
  const deviceAccountIds = world.devices.map(({ deviceId }) => `feid:${deviceId}`);
  const ledger = world.ledger.clientOf("auditor", world.clock);
  const asked = (async () => {
    let heldMicro = 0n;
    for (const accountId of [...accountIds, ...deviceAccountIds]) {
      const account = (await ledger.evaluate("accounts:GetAccount", { accountId })) as { balanceMicro: string };
      heldMicro += BigInt(account.balanceMicro);
    }
    const { mintedMicro } = (await ledger.evaluate("accounts:GetSupply", {})) as { mintedMicro: string };
    return { heldMicro, mintedMicro: BigInt(mintedMicro) };
  })();
  await world.clock.advanceTo(world.clock.nowUnixMs() + MINUTE_MS);
  return asked;
}

async function homesOf(world: World): Promise<PlayedMoves["homes"]> {
  const ledger = world.ledger.clientOf("auditor", world.clock);
  const entries = Promise.all(
    world.devices.map(
      ({ deviceId }) => ledger.evaluate("registry:GetDevice", { deviceId }) as Promise<{ vnId: string }>,
    ),
  );
  await world.clock.advanceTo(world.clock.nowUnixMs() + MINUTE_MS);
  return (await entries).map(({ vnId }, index) => {
    const deviceId = world.devices[index]?.deviceId ?? "";
    const hosts = world.nodes.filter((node) => node.node()?.deviceKey(deviceId) !== undefined);
    return { deviceId, ledgerVnId: vnId, memberOf: hosts.map((node) => node.vnId) };
  });
}
