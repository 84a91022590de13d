import type { VirtualClock } from "@gridpact/host";
import type { BoundaryEvidence } from "@gridpact/ledger/receipts";
import type { EvidenceSource, RegisterValue } from "../../evidence/index.ts";
import type { FakeDevice, Registers } from "./fake-device.ts";

/** Time from a reading to its anchor. */
const ANCHOR_LAG_MS = 60_000;

/** Evidence straight from the devices: an "envelope" is the JSON of one reading, which the fake ledger reads back. */
export class FakeEvidence implements EvidenceSource {
  readonly #devices: ReadonlyMap<string, FakeDevice>;
  readonly #clock: VirtualClock;

  constructor(devices: ReadonlyMap<string, FakeDevice>, clock: VirtualClock) {
    this.#devices = devices;
    this.#clock = clock;
  }

  async registersAt(deviceId: string, atUnixMs: readonly number[]): Promise<(RegisterValue | undefined)[]> {
    return atUnixMs.map((at) => {
      const registers = this.#devices.get(deviceId)?.registersAt(at);
      return registers && { atUnixMs: at, ...registers };
    });
  }

  async boundaryEvidence(deviceId: string, atUnixMs: readonly number[]): Promise<BoundaryEvidence | undefined> {
    const values = await this.registersAt(deviceId, atUnixMs);
    const present = values.filter((value) => value !== undefined);
    const newest = Math.max(...present.map((value) => value.atUnixMs));
    if (newest + ANCHOR_LAG_MS > this.#clock.nowUnixMs()) return undefined;
    return {
      envelopes: present.map((value) => ({
        envelopeHex: envelopeHexOf(value),
        proof: { batchNo: batchOf(value.atUnixMs), leafIndex: 0, size: 1, pathHex: [] },
      })),
      boundaries: values.map((value) =>
        value === undefined ? null : { envelope: present.indexOf(value), reading: 0 },
      ),
    };
  }
}

/** Registers that a fake envelope shows. */
export function registersIn(envelopeHex: string): Registers {
  const { importWh, exportWh } = JSON.parse(Buffer.from(envelopeHex, "hex").toString());
  return { importWh: BigInt(importWh), exportWh: BigInt(exportWh) };
}

/** One batch a day. */
export function batchOf(atUnixMs: number): number {
  return Math.floor(atUnixMs / 86_400_000);
}

function envelopeHexOf({ atUnixMs, importWh, exportWh }: RegisterValue): string {
  return Buffer.from(JSON.stringify({ atUnixMs, importWh: `${importWh}`, exportWh: `${exportWh}` })).toString("hex");
}
