import { strict as assert } from "node:assert";
import type { Disk } from "@gridpact/host";
import { readUnitJson, writeUnitJson } from "@gridpact/settlement";
import type { BalanceUnit } from "./balance-unit.ts";

const DIRECTORY = "balance";
const SUFFIX = ".json";

/**
 * A week of quarter hours, as far as outlooks look back. In memory too: with the most members that are balanced some
 * fifty megabytes, with a usual district ten.
 */
export const UNITS_KEPT_MAX = 672;

/** Units of self-balancing, one file each, named by their start. */
export class UnitStore {
  readonly #disk: Disk;
  /** Oldest first. */
  readonly #units: BalanceUnit[];

  private constructor(disk: Disk, units: BalanceUnit[]) {
    this.#disk = disk;
    this.#units = units;
  }

  static async open(disk: Disk): Promise<UnitStore> {
    const units: BalanceUnit[] = [];
    for (const name of await disk.list(DIRECTORY)) {
      const bytes = await disk.read(`${DIRECTORY}/${name}`);
      if (bytes !== undefined) units.push(readUnitJson(Buffer.from(bytes).toString()) as BalanceUnit);
    }
    return new UnitStore(
      disk,
      units.sort((left, right) => left.startUnixMs - right.startUnixMs),
    );
  }

  /** All that are kept, oldest first. */
  list(): readonly BalanceUnit[] {
    return this.#units;
  }

  newest(): BalanceUnit | undefined {
    return this.#units.at(-1);
  }

  /** Durable before it is visible. The oldest goes when there are too many. */
  async add(unit: BalanceUnit): Promise<void> {
    assert(unit.startUnixMs > (this.newest()?.startUnixMs ?? -1), "a unit is balanced once");
    await this.#disk.replace(pathOf(unit), Buffer.from(writeUnitJson(unit)));
    this.#units.push(unit);
    if (this.#units.length <= UNITS_KEPT_MAX) return;
    const oldest = this.#units.shift();
    if (oldest !== undefined) await this.#disk.remove(pathOf(oldest));
  }
}

function pathOf({ startUnixMs }: BalanceUnit): string {
  return `${DIRECTORY}/${startUnixMs}${SUFFIX}`;
}
