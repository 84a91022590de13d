import { strict as assert } from "node:assert";
import { SeededRandom, SimulatedDisk, silentLog, VirtualClock } from "@gridpact/host";
import { openTwinEngine } from "@gridpact/native";
import { openVirtualNode, type VirtualNode } from "../src/virtual-node/index.ts";
import { boundary, type MeteringDevice, MTU_MS } from "./metering-device.ts";
import { ProcessDisk } from "./process-disk.ts";
import { TestOutbox } from "./test-outbox.ts";

const DAY_MS = 86_400_000;

/** A virtual node on virtual clock, disk and ledger, with what outlives its crashes. */
export class NodeSimulation {
  readonly random: SeededRandom;
  readonly clock = new VirtualClock(boundary(0));
  readonly disk: SimulatedDisk;
  readonly outbox = new TestOutbox();
  readonly fatal: unknown[] = [];
  #process: ProcessDisk | undefined;
  #node: VirtualNode | undefined;

  readonly archive = new SimulatedDisk(new SeededRandom("archive"));
  readonly #keptDays: number | undefined;

  readonly #vnId: string;

  /** @param keptDays closed segments, which are those of one group, go into the archive after that */
  constructor(seed: string, keptDays?: number, vnId = "district") {
    this.#keptDays = keptDays;
    this.#vnId = vnId;
    this.random = new SeededRandom(seed);
    this.disk = new SimulatedDisk(this.random.fork("disk"));
  }

  /** The node of the process that lives. */
  get node(): VirtualNode {
    return this.#node as VirtualNode;
  }

  async start(): Promise<VirtualNode> {
    const { clock, outbox } = this;
    const disk = new ProcessDisk(this.disk);
    this.#process = disk;
    const isRetiring = this.#keptDays !== undefined && {
      segmentBytesMax: 1,
      archive: { disk: this.archive, directory: "archive" },
    };
    const engine = await openTwinEngine({ disk, directory: "wal", mtuMs: MTU_MS, ...isRetiring });
    const retention = { keepMs: (this.#keptDays ?? 0) * DAY_MS, fate: "archived" } as const;
    this.#node = await openVirtualNode(
      { vnId: this.#vnId, mspId: "VnMSP", mtuMs: MTU_MS, anchorLeavesMax: 8, ...(isRetiring && { retention }) },
      {
        clock,
        random: this.random.fork("node"),
        disk,
        engine,
        outbox,
        log: silentLog,
        onFatal: (error) => {
          if (disk === this.#process) this.fatal.push(error);
        },
      },
    );
    return this.#node;
  }

  /** What a power cut does: the process is gone, and so is what was not synced. */
  async crash(): Promise<void> {
    this.#process?.kill();
    this.#process = undefined;
    this.disk.crash();
    await this.start();
  }

  async enrol(device: MeteringDevice, feeder = "feeder-1"): Promise<void> {
    const token = await this.node.issueToken({ deviceId: device.deviceId, feeder });
    const outcome = await this.node.enrol(device.enrolmentRequest(token));
    assert(outcome.isEnrolled, "the device is enrolled");
  }
}
