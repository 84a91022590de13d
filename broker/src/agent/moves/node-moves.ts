import type { Clock, Disk, Log } from "@gridpact/host";
import type { Ledger } from "@gridpact/ledger";
import type { ClusterGuidelines, MoveOrder, MoveReport } from "@gridpact/proto";
import type { DeviceMoves } from "../../enrolment/index.ts";
import type { SignatureExchange } from "../contract/index.ts";
import type { AggregatorLink } from "../links.ts";
import { DeviceQuestions, offerPayload } from "./ask-device.ts";
import { type GainingMove, type LosingMove, type NodeMove, NodeMoveStore } from "./node-move.ts";

/** What the agent needs of its host to carry out moves. */
export type MoveHost = {
  devices: DeviceMoves;
  /** Where a device finds this node, as devices reach it. */
  address: { enrolmentUrl: string; mqttHost: string };
};

/** See `VnAgentOptions` for the two times. */
export type NodeMovesOptions = { vnId: string; moveExchangeMs: number; moveWithinMs: number };

export type NodeMovesModules = {
  clock: Clock;
  disk: Disk;
  log: Log;
  ledger: Pick<Ledger, "evaluate">;
  exchange: SignatureExchange;
  aggregator: Pick<AggregatorLink, "exchangeMoves">;
  host: MoveHost;
};

/** The registry's entry, as far as a move goes by it. */
type Entry = { vnId: string; state: "active" | "released" | "revoked"; revision: number };

/** A sentence or two; the aggregator takes no more than a thousand. */
const REASON_CHARS_MAX = 512;

const FINAL_STATES: readonly NodeMove["state"][] = ["left", "refused", "returned", "cancelled", "closed"];

/** States in which a device may be no member tomorrow: nothing new is planned with it. */
const MOVING_STATES: readonly NodeMove["state"][] = ["offered", "released", "returning"];

/**
 * A node's part in moves: asks a device that should leave, releases it by its signature, and takes it back when the
 * other node does not have it in time; gives tickets to devices that should come. Driven by `step` alone; every step is
 * durable and may be repeated.
 */
export class NodeMoves {
  readonly #options: NodeMovesOptions;
  readonly #modules: NodeMovesModules;
  readonly #store: NodeMoveStore;
  readonly #questions: DeviceQuestions;
  readonly #guidelines = new Map<string, ClusterGuidelines>();
  /** Moves whose tickets the aggregator has. */
  readonly #heard = new Set<string>();
  #exchangedAtUnixMs = Number.NEGATIVE_INFINITY;

  private constructor(options: NodeMovesOptions, modules: NodeMovesModules, store: NodeMoveStore) {
    this.#options = options;
    this.#modules = modules;
    this.#store = store;
    this.#questions = new DeviceQuestions(options.vnId, modules);
  }

  static async open(options: NodeMovesOptions, modules: NodeMovesModules): Promise<NodeMoves> {
    return new NodeMoves(options, modules, await NodeMoveStore.open(modules.disk));
  }

  list(): readonly NodeMove[] {
    return this.#store.list();
  }

  /** Whether nothing new may be planned with a device. */
  isMoving(deviceId: string): boolean {
    return this.#store.list().some((move) => move.deviceId === deviceId && MOVING_STATES.includes(move.state));
  }

  /** Looks at every move, tells the aggregator, and hears what is new. A move that cannot go on holds up no other. */
  async step(): Promise<void> {
    const failures: unknown[] = [];
    for (const move of this.#store.list()) {
      await this.#advance(move).catch((error: unknown) => failures.push(error));
    }
    await this.#exchange();
    if (failures.length > 0) throw failures[0];
  }

  async #exchange(): Promise<void> {
    const nowUnixMs = this.#modules.clock.nowUnixMs();
    if (nowUnixMs < this.#exchangedAtUnixMs + this.#options.moveExchangeMs) return;
    const reports = this.#store.list().map((move) => reportOf(move, this.#heard.has(move.moveId)));
    const orders = await this.#modules.aggregator.exchangeMoves(this.#options.vnId, reports);
    this.#exchangedAtUnixMs = nowUnixMs;
    const ordered = new Set(orders.map(({ moveId }) => moveId));
    // The aggregator has heard how it ended, and asks no more.
    const heard = this.#store.list().filter(({ moveId, state }) => !ordered.has(moveId) && isEnded(state));
    for (const { moveId } of heard) await this.#forget(moveId);
    for (const order of orders) await this.#take(order);
  }

  async #take(order: MoveOrder): Promise<void> {
    const { moveId, fromVnId, toVnId, ticketHex } = order;
    this.#guidelines.set(moveId, order.guidelines);
    if (ticketHex !== null) this.#heard.add(moveId);
    const known = this.#store.find(moveId);
    if (toVnId === this.#options.vnId) return this.#takeGaining(order, known);
    if (fromVnId === this.#options.vnId) return this.#takeLosing(order, known);
  }

  /** A device that has been asked is not asked back: only what waits can be cancelled. */
  async #takeLosing(order: MoveOrder, known: NodeMove | undefined): Promise<void> {
    const { moveId, deviceId, toVnId, ticketHex, isCancelled } = order;
    if (known === undefined && (ticketHex === null || !this.#store.canAcceptWork())) return;
    const parties = { side: "losing", moveId, deviceId, toVnId, ticketHex: ticketHex ?? "" } as const;
    const waiting: LosingMove = { ...parties, state: "waiting", reason: "", offer: null };
    if (isCancelled && (known?.state ?? "waiting") === "waiting") {
      return this.#end(waiting, "cancelled", "the operator cancelled it");
    }
    if (known === undefined) await this.#keep(waiting);
  }

  async #takeGaining(order: MoveOrder, known: NodeMove | undefined): Promise<void> {
    const { moveId, deviceId, publicKeyHex, feeder, isCancelled } = order;
    const { devices, address } = this.#modules.host;
    if (isCancelled && known?.state !== "closed") {
      await devices.withdrawTickets(deviceId);
      await this.#keep({ side: "gaining", moveId, deviceId, state: "closed", ticketHex: null });
    }
    if (isCancelled || known !== undefined || !this.#store.canAcceptWork()) return;
    const ticket = await devices.issueTicket({ deviceId, publicKeyHex, feeder, ...address });
    const ticketHex = Buffer.from(ticket).toString("hex");
    await this.#keep({ side: "gaining", moveId, deviceId, state: "ticketed", ticketHex });
  }

  async #advance(move: NodeMove): Promise<void> {
    if (move.side === "gaining") return;
    switch (move.state) {
      case "waiting":
        return this.#offer(move);
      case "offered":
        return this.#release(move);
      case "released":
      case "returning":
        return this.#follow(move);
      default:
        return;
    }
  }

  /** Asks only when nothing is open with the device, and never a device that is no member. */
  async #offer(move: LosingMove): Promise<void> {
    const { devices } = this.#modules.host;
    const guidelines = this.#guidelines.get(move.moveId);
    const device = devices.find(move.deviceId);
    const isMember = device?.registration === "registered" && device.revocation === null && device.release === null;
    if (!isMember) return this.#end(move, "refused", "it is no member of this node on the ledger");
    const held = devices.heldBy(move.deviceId);
    if (held !== undefined && held !== move.reason) await this.#keep({ ...move, reason: held });
    // Guidelines come with the order, again after a restart.
    if (held !== undefined || guidelines === undefined) return;
    const { revision } = await this.#entryOf(move.deviceId);
    const deadlineUnixMs = this.#modules.clock.nowUnixMs() + this.#options.moveWithinMs;
    const { vnId: fromVnId } = this.#options;
    const payload = offerPayload(move, { fromVnId, revision, deadlineUnixMs, guidelines });
    const statementHex = Buffer.from(devices.statement("MoveOffer", payload)).toString("hex");
    await this.#keep({ ...move, state: "offered", reason: "", offer: { statementHex, revision, deadlineUnixMs } });
  }

  async #release(move: LosingMove): Promise<void> {
    const { devices } = this.#modules.host;
    const device = devices.find(move.deviceId);
    if (device === undefined) return this.#end(move, "refused", "it is no member of this node");
    // A crash between the release and this list's file: the release counts.
    if (device.release !== null) return this.#keep({ ...move, state: "released" });
    const answer = this.#questions.answer(move, device.publicKeyHex);
    if (answer === undefined) return;
    if ("refusal" in answer) return this.#end(move, "refused", answer.refusal);
    await devices.release(move.deviceId, { toVnId: move.toVnId, consentSignatureHex: answer.signatureHex });
    await this.#keep({ ...move, state: "released" });
  }

  /** From the release on the ledger alone says where the device is; after the deadline it is asked to give it back. */
  async #follow(move: LosingMove): Promise<void> {
    const { devices } = this.#modules.host;
    const { deviceId } = move;
    const release = devices.find(deviceId)?.release ?? null;
    if (release === null && move.state === "returning") {
      return this.#end(move, "returned", "it was not at the other node in time");
    }
    if (release === null) return this.#end(move, "refused", "the ledger did not take the release");
    if (release.isGone || (await this.#isAt(move.toVnId, deviceId))) {
      await devices.noteArrival(deviceId);
      return this.#end(move, "left", "");
    }
    if (this.#modules.clock.nowUnixMs() < (move.offer?.deadlineUnixMs ?? 0)) return;
    // First what is wanted, as a crash between the two would else take the device's return for a refused release.
    if (move.state === "released") await this.#keep({ ...move, state: "returning" });
    await devices.takeBack(deviceId);
  }

  async #isAt(vnId: string, deviceId: string): Promise<boolean> {
    const entry = await this.#entryOf(deviceId);
    return entry.vnId === vnId && entry.state !== "released";
  }

  async #forget(moveId: string): Promise<void> {
    await this.#store.forget(moveId);
    this.#guidelines.delete(moveId);
    this.#heard.delete(moveId);
  }

  async #end(move: LosingMove, state: "left" | "refused" | "returned" | "cancelled", reason: string) {
    // The words may be the device's own.
    await this.#keep({ ...move, state, reason: reason.slice(0, REASON_CHARS_MAX) });
  }

  async #keep(move: LosingMove | GainingMove): Promise<void> {
    await this.#store.save(move);
    const { moveId, deviceId, state } = move;
    const reason = move.side === "losing" ? move.reason : "";
    this.#modules.log.info("move_state", { moveId, deviceId, state, reason });
    // What is new is told with the next step, not after the whole period.
    this.#exchangedAtUnixMs = Number.NEGATIVE_INFINITY;
  }

  async #entryOf(deviceId: string): Promise<Entry> {
    return (await this.#modules.ledger.evaluate("registry:GetDevice", { deviceId })) as Entry;
  }
}

function isEnded(state: NodeMove["state"]): boolean {
  // A ticket that nobody asks about any more was used, or its move is forgotten.
  return FINAL_STATES.includes(state) || state === "ticketed";
}

/** To the aggregator a device that is wanted back is released still. */
function reportOf(move: NodeMove, isHeard: boolean): MoveReport {
  const { moveId } = move;
  if (move.side === "gaining") {
    return { moveId, state: move.state, reason: "", ticketHex: isHeard ? null : move.ticketHex };
  }
  const state = move.state === "returning" ? "released" : move.state;
  return { moveId, state, reason: move.reason, ticketHex: null };
}
