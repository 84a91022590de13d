import { SeededRandom, SimulatedDisk } from "@gridpact/host";
import { type BatchOutcome, type Engine, openTwinEngine } from "@gridpact/native";
import { type MeteringDevice, MTU_MS } from "./metering-device.ts";

/** An engine on a simulated disk with enrolled devices. */
export type EngineLog = {
  disk: SimulatedDisk;
  engine: Engine;
  /** Makes one batch of envelopes durable. */
  submit(device: MeteringDevice, ...envelopes: Uint8Array[]): Promise<BatchOutcome>;
};

/** Late enough that no reading of a test lies in the future. */
const RECEIVED_AT_UNIX_MS = Date.UTC(2017, 0, 1);

export async function openEngineLog(
  devices: readonly MeteringDevice[],
  disk = new SimulatedDisk(new SeededRandom("engine-log")),
): Promise<EngineLog> {
  const engine = await openTwinEngine({ disk, directory: "wal", mtuMs: MTU_MS });
  engine.enrol(devices.map((device, index) => device.enrolled(`feeder-${index + 1}`)));
  return {
    disk,
    engine,
    submit: (device, ...envelopes) =>
      engine.submit(
        envelopes.map((bytes) => ({ deviceId: device.deviceId, bytes })),
        RECEIVED_AT_UNIX_MS,
      ),
  };
}

/** Lets everything run that waits for nothing but promises. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
