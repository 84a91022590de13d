import { type Disk, SeededRandom, SimulatedDisk, silentLog, VirtualClock } from "@gridpact/host";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Committed, Ledger } from "../client/index.ts";
import { FakeLedger, type Fault } from "./fake-ledger.ts";
import { Outbox } from "./outbox.ts";

/** Where a process dies: at which call, whether that is still carried out, and whether the machine dies with it. */
type Death = { at: number; actsBefore: boolean; isPowerCut: boolean };

/** A process that dies at one of its calls to the outside; from then on nothing it calls answers. */
class MortalProcess {
  calls = 0;
  readonly #death: Death;
  readonly #onDeath: () => void;

  constructor(death: Death, onDeath: () => void) {
    this.#death = death;
    this.#onDeath = onDeath;
  }

  get isDead(): boolean {
    return this.calls >= this.#death.at;
  }

  /** The same object as this process sees it. */
  view<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (_, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== "function" || name === "sizeBytes") return member;
        return (...args: unknown[]) => this.#call(() => member.apply(target, args));
      },
    });
  }

  async #call(act: () => unknown): Promise<unknown> {
    if (this.isDead) return new Promise(() => undefined);
    this.calls += 1;
    if (!this.isDead) return this.#wrap(await act());
    try {
      if (this.#death.actsBefore) await act();
    } finally {
      this.#onDeath();
    }
    return new Promise(() => undefined);
  }

  #wrap(value: unknown): unknown {
    const isFile = typeof value === "object" && value !== null && "append" in value;
    return isFile ? this.view(value) : value;
  }
}

type Job = { key: string; transaction: string; lane?: string };

const JOBS: Job[] = [
  { key: "a", transaction: "accounts:Mint" },
  { key: "b", transaction: "accounts:Mint" },
  { key: "c", transaction: "anchors:CommitAnchor" },
  { key: "d", transaction: "accounts:Mint", lane: "conflicting" },
];

const DAY_MS = 86_400_000;

function world(seed: string) {
  const disk = new SimulatedDisk(new SeededRandom(seed));
  const clock = new VirtualClock(0);
  const ledger = new FakeLedger();
  const acknowledged = new Map<string, Committed>();
  const open = (seenDisk: Disk, seenLedger: Ledger) =>
    Outbox.open(
      { directory: "outbox", compactBytes: 600 },
      { disk: seenDisk, clock, ledger: seenLedger, log: silentLog },
    );
  const askAll = (outbox: Outbox) => {
    for (const { key, transaction, lane } of JOBS) {
      void outbox
        .execute(key, transaction, { key }, lane === undefined ? {} : { lane })
        .then((committed) => acknowledged.set(key, committed));
    }
  };
  /** One life of the process; true when it got to its end. */
  const live = async (death: Death) => {
    const process = new MortalProcess(death, () => {
      if (death.isPowerCut) disk.crash();
    });
    void open(process.view(disk), process.view(ledger)).then(askAll);
    await clock.advanceTo(clock.nowUnixMs() + DAY_MS);
    return !process.isDead;
  };
  const finish = async () => {
    const outbox = await open(disk, ledger);
    askAll(outbox);
    await clock.advanceTo(clock.nowUnixMs() + DAY_MS);
    return outbox;
  };
  return { ledger, acknowledged, live, finish };
}

const EFFECTS = JOBS.map(({ key }) => JSON.stringify({ key })).sort();

describe("Outbox over a crash", () => {
  it.each([
    { actsBefore: true, isPowerCut: true },
    { actsBefore: false, isPowerCut: true },
    { actsBefore: true, isPowerCut: false },
  ])("has each effect once, wherever it crashes: %o", async (manner) => {
    let at = 1;
    for (let isOver = false; !isOver; at++) {
      const { ledger, acknowledged, live, finish } = world(`crash at ${at}`);
      isOver = await live({ at, ...manner });
      const before = new Map(acknowledged);
      const outbox = await finish();
      expect([...ledger.effects].sort(), `crash at ${at}`).toEqual(EFFECTS);
      expect(outbox.pending()).toEqual([]);
      for (const [key, committed] of before) expect(outbox.outcome(key)).toEqual(committed);
    }
    expect(at).toBeGreaterThan(40);
  });

  it("has each effect once over any number of crashes and faults", async () => {
    const faults = fc.array(fc.option(fc.constantFrom<Fault>("before", "after", "silence"), { nil: undefined }), {
      maxLength: 6,
    });
    const phases = fc.record({ prepare: faults, submit: faults, commitStatus: faults, findTransaction: faults });
    const at = fc.integer({ min: 1, max: 60 });
    const deaths = fc.array(fc.record({ at, actsBefore: fc.boolean(), isPowerCut: fc.boolean() }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.string(), phases, deaths, async (seed, phaseFaults, lives) => {
        const { ledger, live, finish } = world(seed);
        Object.assign(ledger.faults, structuredClone(phaseFaults));
        for (const death of lives) await live(death);
        const outbox = await finish();
        expect([...ledger.effects].sort()).toEqual(EFFECTS);
        expect(outbox.metrics()).toMatchObject({ pending: 0, refused: 0 });
      }),
      { numRuns: 60 },
    );
  });
});
