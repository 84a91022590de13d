import { SeededRandom, SimulatedDisk, signingKeyFromSeed } from "@gridpact/host";
import { LINES_BYTES_MIN, openTwinEngine } from "@gridpact/native";
import { encode, envelopeSigningBytes, QUALITY, ZERO_HASH } from "@gridpact/proto";

/** A device with constant power, whose register follows from it. */
export type MeteredDevice = { deviceId: string; feeder: string; powerW: bigint };

export type Metering = { startUnixMs: number; stepMs: number; count: number; mtuMs: number };

const HOUR_MS = 3_600_000n;

/** Line protocol as the engine writes it for signed and verified envelopes, one of each device. */
export async function engineLines(devices: readonly MeteredDevice[], metering: Metering): Promise<Uint8Array> {
  const disk = new SimulatedDisk(new SeededRandom("engine-lines"));
  const engine = await openTwinEngine({ disk, directory: "wal", mtuMs: metering.mtuMs });
  const keys = devices.map((_, index) => signingKeyFromSeed(new Uint8Array(32).fill(index + 1)));
  engine.enrol(
    devices.map(({ deviceId, feeder }, index) => {
      const publicKey = keys[index]?.publicKey ?? new Uint8Array();
      return { deviceId, feeder, publicKey };
    }),
  );
  const batch = devices.map((device, index) => {
    const payload = encode("EnvelopePayload", {
      deviceId: device.deviceId,
      bootEpoch: 1,
      firstSeq: 0n,
      previousEnvelopeHash: ZERO_HASH,
      readings: readingsOf(device, metering),
    });
    const signature = keys[index]?.sign(envelopeSigningBytes(payload)) ?? new Uint8Array();
    return { deviceId: device.deviceId, bytes: encode("SignedEnvelope", { payload, signature }) };
  });
  const outcome = await engine.submit(batch, metering.startUnixMs + metering.stepMs * metering.count);
  if (outcome.envelopes.length !== devices.length) throw new Error(`verdicts ${outcome.verdicts.join()}`);
  const into = new Uint8Array(devices.length * LINES_BYTES_MIN);
  const { sizeBytes } = await engine.loggedLines(0n, into);
  await engine.close();
  return into.subarray(0, sizeBytes);
}

function readingsOf({ powerW }: MeteredDevice, { startUnixMs, stepMs, count }: Metering) {
  return Array.from({ length: count }, (_, index) => {
    const elapsedMs = BigInt(index * stepMs);
    const importWh = (powerW * elapsedMs) / HOUR_MS;
    const measuredAtUnixMs = BigInt(startUnixMs) + elapsedMs;
    return { measuredAtUnixMs, powerW, importWh, exportWh: 0n, quality: QUALITY.MEASURED };
  });
}
