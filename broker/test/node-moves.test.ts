import { SeededRandom, SimulatedDisk, silentLog, type VirtualClock } from "@gridpact/host";
import {
  consentSigningBytes,
  decode,
  encode,
  type MoveOrder,
  type MoveReport,
  moveSigningBytes,
  releaseHash,
  verifyZip215,
} from "@gridpact/proto";
import { beforeEach, describe, expect, it } from "vitest";
import { SignatureExchange } from "../src/agent/contract/index.ts";
import { NODE_MOVES_MAX, NodeMoveStore } from "../src/agent/moves/node-move.ts";
import { NodeMoves } from "../src/agent/moves/node-moves.ts";
import { settled } from "./engine-log.ts";
import { MeteringDevice } from "./metering-device.ts";
import { NodeSimulation } from "./node-simulation.ts";

const MINUTE_MS = 60_000;
const guidelines = { membersMin: 2, membersMax: 9, capacityWMax: 9, movesMax: 1, dwellMs: 1, gainPerMilleMin: 20 };
const address = { enrolmentUrl: "https://district.example/enrol", mqttHost: "district.example" };

function order(changes: Partial<MoveOrder> = {}): MoveOrder {
  const parties = { moveId: "p.meter-1", deviceId: "meter-1", fromVnId: "district", toVnId: "offices" };
  return { ...parties, feeder: "f", guidelines, publicKeyHex: "ab", ticketHex: "cafe", isCancelled: false, ...changes };
}

/** A node with one device, its agent's part in moves, and everybody that it talks to. */
class Bench {
  readonly simulation = new NodeSimulation("moves");
  readonly device = new MeteringDevice("meter-1", 1);
  readonly clock: VirtualClock = this.simulation.clock;
  readonly disk = new SimulatedDisk(new SeededRandom("agent"));
  readonly reports: (readonly MoveReport[])[] = [];
  orders: MoveOrder[] = [];
  entry = { vnId: "district", state: "active", revision: 4 };
  /** What the device answers to an offer; nothing when it is undefined. */
  says: "agrees" | "forges" | string | undefined = "agrees";
  asked = 0;
  isLinkDown = false;
  #moves: NodeMoves | undefined;

  get moves(): NodeMoves {
    return this.#moves as NodeMoves;
  }

  async start(): Promise<void> {
    const node = await this.simulation.start();
    await this.simulation.enrol(this.device);
    await settled();
    await this.open();
    node.moves.hold(() => undefined);
  }

  /** Opens the agent's part, again after a crash as well. */
  async open(): Promise<void> {
    const { clock, disk } = this;
    const deviceLink = {
      send: async (_id: string, _channel: string, bytes: Uint8Array) => this.#answer(bytes, exchange),
    };
    const exchange = new SignatureExchange({ resendMs: 30_000 }, { clock, deviceLink, log: silentLog });
    const exchangeMoves = async (_: string, reports: readonly MoveReport[]) => {
      if (this.isLinkDown) throw new Error("no aggregator");
      this.reports.push(reports);
      return this.orders;
    };
    this.#moves = await NodeMoves.open(
      { vnId: "district", moveExchangeMs: MINUTE_MS, moveWithinMs: 60 * MINUTE_MS },
      {
        clock,
        disk,
        log: silentLog,
        ledger: { evaluate: async () => this.entry },
        exchange,
        aggregator: { exchangeMoves },
        host: { devices: this.simulation.node.moves, address },
      },
    );
  }

  async crash(): Promise<void> {
    await this.simulation.crash();
    this.disk.crash();
    await this.open();
  }

  /** Some steps, a second apart. */
  async steps(count = 6): Promise<void> {
    for (let step = 0; step < count; step++) {
      await this.moves.step().catch(() => undefined);
      await settled();
      await this.clock.advanceTo(this.clock.nowUnixMs() + 1_000);
    }
  }

  state(): string | undefined {
    return this.moves.list()[0]?.state;
  }

  lastReport(): MoveReport | undefined {
    return this.reports.at(-1)?.[0];
  }

  #answer(bytes: Uint8Array, exchange: SignatureExchange): void {
    this.asked += 1;
    const { requestId, message } = decode("SignRequest", bytes);
    const { payload, signature } = decode("NodeStatement", message);
    const { deviceId, fromVnId, toVnId, revision } = decode("MoveOffer", payload);
    expect(signature).toHaveLength(64);
    const hash = releaseHash({ deviceId, fromVnId, toVnId, revision: this.says === "forges" ? 99 : revision });
    const hasAgreed = this.says === "agrees" || this.says === "forges";
    const signed = hasAgreed ? this.device.key.sign(consentSigningBytes(hash)) : new Uint8Array();
    if (this.says === undefined) return;
    const response = { requestId, signature: signed, refusal: hasAgreed ? "" : this.says };
    void Promise.resolve().then(() => exchange.receive(deviceId, encode("SignResponse", response)));
  }
}

let bench: Bench;

beforeEach(async () => {
  bench = new Bench();
  await bench.start();
});

describe("a node that a device leaves", () => {
  it("asks it, releases it by its signature, and lets go when the ledger has it at the other node", async () => {
    bench.orders = [order()];
    await bench.steps();
    expect([bench.state(), bench.lastReport()?.state]).toEqual(["released", "released"]);
    const hash = releaseHash({ deviceId: "meter-1", fromVnId: "district", toVnId: "offices", revision: 4 });
    const [released] = bench.simulation.outbox.argumentsOf("registry:ReleaseDevice") as {
      consentSignatureHex: string;
    }[];
    const signature = Buffer.from(released?.consentSignatureHex ?? "", "hex");
    expect(verifyZip215(bench.device.key.publicKey, consentSigningBytes(hash), signature)).toBe(true);
    bench.entry = { vnId: "offices", state: "active", revision: 6 };
    await bench.steps();
    expect([bench.state(), bench.lastReport()?.state]).toEqual(["left", "left"]);
    expect(bench.simulation.node.moves.find("meter-1")?.release?.isGone).toBe(true);
    bench.orders = [];
    await bench.clock.advanceTo(bench.clock.nowUnixMs() + MINUTE_MS);
    await bench.steps();
    expect(bench.moves.list()).toEqual([]);
  });

  it("plans nothing with it from the offer on, and waits with the offer for what is open", async () => {
    let business: string | undefined = "contract peak.1 is in force";
    bench.simulation.node.moves.hold(() => business);
    bench.orders = [order()];
    await bench.steps();
    expect([bench.asked, bench.moves.isMoving("meter-1")]).toEqual([0, false]);
    expect(bench.lastReport()).toMatchObject({ state: "waiting", reason: "contract peak.1 is in force" });
    business = undefined;
    bench.says = undefined;
    await bench.steps();
    expect([bench.state(), bench.moves.isMoving("meter-1"), bench.moves.isMoving("meter-2")]).toEqual([
      "offered",
      true,
      false,
    ]);
  });

  it.each([
    ["moves_refused: the owner does not let it move", "meter-1: moves_refused: the owner does not let it move"],
    ["forges", "the device signed something else"],
  ])("tells why it does not go when it says: %s", async (says, reason) => {
    bench.says = says;
    bench.orders = [order()];
    await bench.steps();
    expect(bench.lastReport()).toMatchObject({ state: "refused", reason });
    expect(bench.simulation.node.moves.find("meter-1")?.release).toBeNull();
  });

  it("gives up on one that does not answer by the deadline", async () => {
    bench.says = undefined;
    bench.orders = [order()];
    await bench.steps();
    await bench.clock.advanceTo(bench.clock.nowUnixMs() + 61 * MINUTE_MS);
    await bench.steps();
    expect(bench.lastReport()).toMatchObject({ state: "refused", reason: expect.stringContaining("no answer by") });
  });

  it("takes it back after the deadline, unless the ledger has it at the other node", async () => {
    bench.orders = [order()];
    await bench.steps();
    bench.entry = { vnId: "district", state: "released", revision: 5 };
    await bench.clock.advanceTo(bench.clock.nowUnixMs() + 61 * MINUTE_MS);
    await bench.steps();
    const back = { state: "returned", reason: "it was not at the other node in time" };
    expect(bench.lastReport()).toMatchObject(back);
    expect(bench.simulation.node.callableDevices()).toHaveLength(1);
  });

  it("goes on after a crash at any step, with the aggregator away or not, and releases once", async () => {
    for (const isLinkDown of [false, true]) {
      bench = new Bench();
      await bench.start();
      bench.orders = [order()];
      await bench.steps(2);
      bench.isLinkDown = isLinkDown;
      for (let step = 0; step < 6; step++) {
        await bench.crash();
        await bench.steps(2);
      }
      bench.isLinkDown = false;
      await bench.steps();
      expect(bench.state()).toBe("released");
      expect(bench.simulation.outbox.argumentsOf("registry:ReleaseDevice")).toHaveLength(1);
    }
  });

  it("ends a cancelled move while it waits, once, and asks the device nothing, over crashes as well", async () => {
    bench.simulation.node.moves.hold(() => "contract peak.1 is in force");
    bench.orders = [order()];
    await bench.steps();
    expect(bench.state()).toBe("waiting");
    bench.orders = [order({ isCancelled: true })];
    await bench.clock.advanceTo(bench.clock.nowUnixMs() + MINUTE_MS);
    await bench.steps(1);
    bench.isLinkDown = true;
    await bench.crash();
    await bench.steps(2);
    bench.isLinkDown = false;
    await bench.clock.advanceTo(bench.clock.nowUnixMs() + MINUTE_MS);
    await bench.steps(2);
    const cancelled = { state: "cancelled", reason: "the operator cancelled it" };
    expect([bench.lastReport(), bench.asked]).toMatchObject([cancelled, 0]);
    bench.orders = [];
    await bench.clock.advanceTo(bench.clock.nowUnixMs() + MINUTE_MS);
    await bench.steps();
    expect(bench.moves.list()).toEqual([]);
    expect(bench.simulation.node.callableDevices()).toHaveLength(1);
  });

  it("offers nothing after a crash before it has heard whether the move is cancelled", async () => {
    let business: string | undefined = "contract peak.1 is in force";
    bench.simulation.node.moves.hold(() => business);
    bench.orders = [order()];
    await bench.steps();
    // The operator cancels, the node loses its power and then the contract ends, all before the two have talked again.
    bench.orders = [order({ isCancelled: true })];
    await bench.crash();
    bench.simulation.node.moves.hold(() => business);
    business = undefined;
    await bench.steps();
    expect([bench.lastReport()?.state, bench.asked]).toEqual(["cancelled", 0]);
  });

  it("hears of a cancelled move for the first time: there is nothing to ask, and that is what it says", async () => {
    bench.orders = [order({ isCancelled: true })];
    await bench.steps();
    expect([bench.lastReport()?.state, bench.asked]).toEqual(["cancelled", 0]);
  });

  it("goes on with a move that is cancelled too late", async () => {
    bench.orders = [order()];
    await bench.steps(1);
    expect(bench.state()).toBe("waiting");
    await bench.steps(1);
    expect(bench.state()).toBe("offered");
    bench.orders = [order({ isCancelled: true })];
    await bench.steps();
    expect([bench.state(), bench.lastReport()?.state]).toEqual(["released", "released"]);
  });

  it("refuses to ask one that is no member, and hears of a release that the ledger refused", async () => {
    bench.orders = [order({ deviceId: "meter-9" })];
    await bench.steps();
    expect(bench.lastReport()).toMatchObject({ state: "refused", reason: expect.stringContaining("no member") });
    bench = new Bench();
    await bench.start();
    bench.simulation.outbox.failure = { contractCode: "REGISTRY_RELEASE_REFUSED" };
    bench.orders = [order()];
    await bench.steps();
    expect(bench.lastReport()).toMatchObject({ state: "refused", reason: "the ledger did not take the release" });
  });

  it("shortens what a device says", async () => {
    bench.says = "x".repeat(5_000);
    bench.orders = [order()];
    await bench.steps();
    expect(bench.lastReport()?.reason).toHaveLength(512);
  });
});

describe("a node that a device comes to", () => {
  const coming = (changes: Partial<MoveOrder> = {}) =>
    order({ deviceId: "meter-2", fromVnId: "offices", toVnId: "district", ticketHex: null, ...changes });
  const publicKeyHex = Buffer.from(new MeteringDevice("meter-2", 2).key.publicKey).toString("hex");

  it("gives one ticket for its key, again after a crash, until the aggregator has it", async () => {
    bench.orders = [coming({ publicKeyHex })];
    await bench.steps();
    const ticketHex = bench.lastReport()?.ticketHex ?? "";
    const { payload, signature, certificatePem } = decode("NodeStatement", Buffer.from(ticketHex, "hex"));
    const ticket = decode("MoveTicket", payload);
    expect(ticket).toMatchObject({ deviceId: "meter-2", vnId: "district", ...address });
    expect(Buffer.from(ticket.publicKey).toString("hex")).toBe(publicKeyHex);
    expect(certificatePem).toContain("BEGIN CERTIFICATE");
    expect(moveSigningBytes("MoveTicket", payload).length).toBeGreaterThan(payload.length);
    expect(signature).toHaveLength(64);
    await bench.crash();
    await bench.steps();
    expect(bench.lastReport()?.ticketHex).toBe(ticketHex);
    bench.orders = [coming({ publicKeyHex, ticketHex })];
    await bench.clock.advanceTo(bench.clock.nowUnixMs() + MINUTE_MS);
    await bench.steps(1);
    await bench.clock.advanceTo(bench.clock.nowUnixMs() + MINUTE_MS);
    await bench.steps(1);
    expect(bench.lastReport()).toMatchObject({ state: "ticketed", ticketHex: null });
  });

  it("withdraws it when the move came to nothing, and forgets it when it was heard", async () => {
    bench.orders = [coming({ publicKeyHex })];
    await bench.steps();
    const ticketHex = bench.lastReport()?.ticketHex ?? "";
    const { token } = decode("MoveTicket", decode("NodeStatement", Buffer.from(ticketHex, "hex")).payload);
    bench.orders = [coming({ publicKeyHex, isCancelled: true })];
    await bench.clock.advanceTo(bench.clock.nowUnixMs() + MINUTE_MS);
    await bench.steps();
    expect(bench.lastReport()).toMatchObject({ state: "closed", ticketHex: null });
    const device = new MeteringDevice("meter-2", 2);
    const outcome = await bench.simulation.node.enrol(device.enrolmentRequest(token));
    expect(outcome).toEqual({ isEnrolled: false, reason: "token_unknown" });
    bench.orders = [];
    await bench.clock.advanceTo(bench.clock.nowUnixMs() + MINUTE_MS);
    await bench.steps();
    expect(bench.moves.list()).toEqual([]);
  });

  it("takes as many moves as its bound, and no more", async () => {
    bench.orders = Array.from({ length: NODE_MOVES_MAX + 1 }, (_, index) =>
      coming({ moveId: `m-${index}`, deviceId: `d-${index}`, publicKeyHex }),
    );
    await bench.steps(1);
    expect(bench.moves.list()).toHaveLength(NODE_MOVES_MAX);
    expect((await NodeMoveStore.open(bench.disk)).canAcceptWork()).toBe(false);
  });
});
