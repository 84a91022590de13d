import { type Clock, type Disk, type SeededRandom, SimulatedDisk } from "@gridpact/host";
import { Incarnation } from "./incarnation.ts";

/** Clock and disk as one life of a process has them; both end with it. */
export type OwnMachine = { clock: Clock; disk: Disk };

/** A process that can lose its machine and come back with what its disk kept. */
export abstract class SimulatedProcess {
  readonly disk: SimulatedDisk;
  readonly #world: Clock;
  #life: Incarnation | undefined;
  #crashes = 0;

  constructor(random: SeededRandom, world: Clock) {
    this.disk = new SimulatedDisk(random);
    this.#world = world;
  }

  /** Starts a new life on the disk as it is. */
  async start(): Promise<void> {
    const life = new Incarnation();
    this.#life = life;
    await this.live(life, { clock: life.clock(this.#world), disk: life.disk(this.disk) });
  }

  /** Pulls the plug, and starts again after `downMs`. */
  crash(downMs: number): void {
    if (this.#life?.isAlive() !== true) return;
    this.#crashes += 1;
    this.#life.kill();
    this.disk.crash();
    this.died();
    this.#world.after(downMs, () => void this.start());
  }

  crashes(): number {
    return this.#crashes;
  }

  life(): Incarnation | undefined {
    return this.#life?.isAlive() === true ? this.#life : undefined;
  }

  /** Builds the process's objects; everything that acts later MUST go by what it is given here. */
  protected abstract live(life: Incarnation, own: OwnMachine): Promise<void>;

  /** Drops what must not be reached any more. */
  protected abstract died(): void;
}
