import { type Disk, SeededRandom, SimulatedDisk, silentLog } from "@gridpact/host";
import { type EnqueueOptions, type Ledger, type LedgerArgument, Outbox } from "../../src/index.ts";
import { BulkEvent, EARNED_MICRO, enrolMany } from "../bulk-event.ts";
import { Market, query } from "../market.ts";
import { type BreakableWorld, openBreakableWorld } from "./breakable-world.ts";
import { brokenView } from "./broken-view.ts";
import { type Fault, FaultPoint } from "./fault-point.ts";

/** What one event came to, by the accounts. */
export type RoundResult = {
  /** Devices that have more than they earned. */
  paidTwice: number;
  /** Devices that have less. */
  unpaid: number;
  /** What the accounts hold beyond, or short of, what was minted. */
  sumDifferenceMicro: bigint;
  /** Whether the fault came, or the round was over before. */
  hasHappened: boolean;
  /** Calls that could have broken. */
  calls: number;
};

/** What the harness is told to do wrong, so that it is seen to find it. */
export type Plant = "forgetful-outbox" | "silent-loss";

const DEVICES = 2;

/** Beside the settlement, that contracts guard, each device gets this: only the outbox keeps it from coming twice. */
const BONUS_MICRO = 1_000n;

/** A worker that has not ended by then, on the ledger's clock, never will. */
const LIFE_MS = 86_400_000;

/** Lives of the worker: one fault ends one of them. */
const LIVES_MAX = 3;

/**
 * Settles and pays one small event through the outbox with one fault on the way, and looks at what everybody has. The
 * worker asks for the same acts again after each of its deaths, as an agent does.
 */
export async function playRound(seed: string, fault: Fault | undefined, plant?: Plant): Promise<RoundResult> {
  const isWorkers = fault?.breaks === "worker" || fault?.breaks === "power";
  const world = await openBreakableWorld(seed, isWorkers ? { ...fault, at: Number.POSITIVE_INFINITY } : fault);
  const market = new Market(world);
  await market.open();
  const feids = await enrolMany(market, "d", DEVICES);
  const event = new BulkEvent(market, "event", feids);
  for (const step of [event.setUpSc1(), event.offer, event.accept, event.meter]) {
    await (typeof step === "function" ? step.call(event) : step);
  }
  world.arm();
  const worker = new Worker(world, { fault: isWorkers ? fault : undefined, ledger: signedBy(market), event });
  let lives = 0;
  for (let isOver = false; !isOver && lives < LIVES_MAX; lives++) isOver = await worker.live(plant, lives);
  world.disarm();
  const wrong = await balancesOf(
    market,
    feids.map(({ deviceId }) => deviceId),
  );
  return { ...wrong, hasHappened: worker.hasDied || world.hasHappened(), calls: worker.calls + world.calls() };
}

/** The worker: an outbox on a disk of its own, and the acts of one event. */
class Worker {
  readonly #world: BreakableWorld;
  readonly #ledger: Ledger;
  readonly #event: BulkEvent;
  readonly #point: FaultPoint;
  #disk: SimulatedDisk;
  #isDead = false;

  constructor(world: BreakableWorld, options: { fault: Fault | undefined; ledger: Ledger; event: BulkEvent }) {
    this.#world = world;
    this.#ledger = options.ledger;
    this.#event = options.event;
    this.#disk = new SimulatedDisk(new SeededRandom("worker"));
    this.#point = new FaultPoint(options.fault, () => {
      this.#isDead = true;
      if (options.fault?.breaks === "power") this.#disk.crash();
    });
    this.#point.arm();
  }

  get hasDied(): boolean {
    return this.#point.hasHappened;
  }

  get calls(): number {
    return this.#point.calls;
  }

  /** One life; true when everything was done by its end. */
  async live(plant: Plant | undefined, life: number): Promise<boolean> {
    this.#isDead = false;
    if (plant === "forgetful-outbox" && life > 0) this.#disk = new SimulatedDisk(new SeededRandom("worker"));
    const isDeadNow = { value: false };
    const isDead = () => isDeadNow.value || this.#isDead;
    const disk = brokenView<Disk>(this.#disk, this.#point, isDead);
    const ledger = brokenView(this.#ledger, this.#point, isDead);
    let isDone = false;
    const work = this.#work(disk, ledger, plant).then(() => {
      isDone = true;
    });
    work.catch(() => undefined);
    const { clock } = this.#world;
    await clock.advanceTo(clock.nowUnixMs() + LIFE_MS);
    isDeadNow.value = true;
    return isDone;
  }

  async #work(disk: Disk, ledger: Ledger, plant: Plant | undefined): Promise<void> {
    const modules = { disk, clock: this.#world.clock, ledger, log: silentLog };
    const outbox = await Outbox.open({ directory: "outbox" }, modules);
    const act = (key: string, transaction: string, argument: object, options: EnqueueOptions = {}) =>
      outbox.execute(key, transaction, argument as LedgerArgument, options);
    const { contractId } = this.#event;
    const devices = Array.from({ length: plant === "silent-loss" ? DEVICES - 1 : DEVICES }, (_, index) => index);
    await Promise.all([
      ...Array.from({ length: DEVICES }, (_, index) => this.#event.settlementOf(index)).map((settlement) =>
        act(`settle ${settlement.contractId}`, "sc2:SettleDR", settlement, { lane: settlement.contractId }),
      ),
      ...devices.map((index) => {
        const bonus = { accountId: `feid:d-${index}`, amountMicro: BONUS_MICRO };
        return act(`bonus ${index}`, "accounts:Mint", bonus, { lane: "mint" });
      }),
    ]);
    await act("sum", "sc1:SettleDR", { contractId, chunkNo: 0, settlements: [] });
    await act("settle", "sc1:SettleDR", { contractId, chunkNo: null, settlements: [] });
    await act("pay chunk", "sc1:DRCompletion", { contractId, chunkNo: 0 });
    await act("pay", "sc1:DRCompletion", { contractId, chunkNo: null });
  }
}

/** One ledger for all acts of the worker: each is signed by whom it is for. */
function signedBy({ vn, aggregator, administrator }: Market): Ledger {
  const clientOf = (transaction: string) => {
    if (transaction === "accounts:Mint") return administrator;
    return transaction === "sc1:DRCompletion" ? aggregator : vn;
  };
  return new Proxy(vn, {
    get: (target, name) => {
      if (name === "prepare") {
        return (transaction: string, argument: LedgerArgument) => clientOf(transaction).prepare(transaction, argument);
      }
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

async function balancesOf(market: Market, deviceIds: readonly string[]) {
  let [paidTwice, unpaid] = [0, 0];
  let totalMicro = await market.balanceMicro("aggregator");
  totalMicro += await market.balanceMicro("vn:district");
  for (const deviceId of deviceIds) {
    const balanceMicro = await market.balanceMicro(`feid:${deviceId}`);
    totalMicro += balanceMicro;
    if (balanceMicro > EARNED_MICRO + BONUS_MICRO) paidTwice += 1;
    if (balanceMicro < EARNED_MICRO + BONUS_MICRO) unpaid += 1;
  }
  const { mintedMicro } = await query(market.auditor, "accounts:GetSupply", {});
  return { paidTwice, unpaid, sumDifferenceMicro: totalMicro - mintedMicro };
}
