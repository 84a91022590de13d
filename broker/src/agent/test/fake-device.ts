import { createHash } from "node:crypto";
import { type SigningKey, signingKeyFromSeed } from "@gridpact/host";
import {
  amendmentSigningBytes,
  consentSigningBytes,
  decode,
  encode,
  type PowerLimit,
  RESOURCE_KIND,
  type Setpoint,
  SIGN_STAGE,
  type SignStage,
} from "@gridpact/proto";
import { HOUR_MS } from "../../time-spans.ts";
import type { CallableDevice, LatestReading } from "../agent-host.ts";

/** What a device does other than it should, from some instant on. */
export type DeviceTraits = {
  /** Its outputs do not move: it meters, but reduces nothing. */
  stuckFromUnixMs?: number;
  /** Nothing that it meters arrives. */
  silentFromUnixMs?: number;
  /** Words with which it declines to sign. */
  refusal?: string;
  /** It does not answer at all. */
  isMute?: boolean;
  /** It signs something else. */
  isForging?: boolean;
  /** What it does when it is asked to amend its order; left out, it signs. */
  amending?: "declines" | "is mute" | "forges";
};

export type Registers = { importWh: bigint; exportWh: bigint };

const DAY_MS = 24 * HOUR_MS;

/** Period of its readings, and the cells in which its power is constant. */
export const CELL_MS = 300_000;

/** Load by day; a fifth of it by night. */
const DAY_LOAD_W = 1_000n;
const NIGHT_LOAD_W = 200n;
const MORNING_MS = 6 * HOUR_MS;

/** The key of the device of that name. */
export function keyOf(deviceId: string): SigningKey {
  return signingKeyFromSeed(Buffer.from(deviceId.padEnd(32, ".")).subarray(0, 32));
}

/** A device that takes the same load every day, with a relay that can shed most of it. */
export class FakeDevice {
  readonly deviceId: string;
  readonly key;
  readonly received: { channel: string; bytes: Uint8Array }[] = [];
  traits: DeviceTraits;
  #setpoint: Setpoint | undefined;
  #metered = new Map<number, bigint>();
  #latestUnixMs: number;
  #wattMs = 0n;

  constructor(deviceId: string, options: { historyFromUnixMs: number; traits?: DeviceTraits }) {
    this.deviceId = deviceId;
    this.traits = options.traits ?? {};
    this.key = keyOf(deviceId);
    this.#latestUnixMs = options.historyFromUnixMs;
    this.#metered.set(options.historyFromUnixMs, 0n);
  }

  /** How the agent knows it; the certificate is its key, which is all that the fake ledger reads of it. */
  callable(feeder = "feeder-1"): CallableDevice {
    const relay = { resourceId: "relay", kind: RESOURCE_KIND.RELAY, reduceWMax: 600n, reduceWhMax: 0n };
    const certificatePem = Buffer.from(this.key.publicKey).toString("hex");
    return { deviceId: this.deviceId, feeder, resources: [relay], certificatePem };
  }

  /** Lives on until an instant. */
  advanceTo(unixMs: number): void {
    while (this.#latestUnixMs + CELL_MS <= unixMs) {
      this.#wattMs += this.#powerW(this.#latestUnixMs) * BigInt(CELL_MS);
      this.#latestUnixMs += CELL_MS;
      this.#metered.set(this.#latestUnixMs, this.#wattMs / BigInt(HOUR_MS));
    }
  }

  /** Registers of an accepted reading; undefined where none arrived. */
  registersAt(unixMs: number): Registers | undefined {
    const importWh = this.#metered.get(unixMs);
    const isSilent = unixMs >= (this.traits.silentFromUnixMs ?? Number.POSITIVE_INFINITY);
    return importWh === undefined || isSilent ? undefined : { importWh, exportWh: 0n };
  }

  latest(): LatestReading | undefined {
    const silentFrom = this.traits.silentFromUnixMs ?? Number.POSITIVE_INFINITY;
    const atUnixMs = this.#latestUnixMs < silentFrom ? this.#latestUnixMs : silentFrom - CELL_MS;
    const registers = this.registersAt(atUnixMs);
    return registers && { measuredAtUnixMs: atUnixMs, powerW: Number(this.#powerW(atUnixMs)), ...registers };
  }

  /** Takes a message; gives an answer to publish, if there is one. */
  receive(channel: string, bytes: Uint8Array): Uint8Array | undefined {
    this.received.push({ channel, bytes });
    if (channel === "setpoint") this.#setpoint = decode("Setpoint", bytes);
    return channel === "sign-request" && !this.#isMute(bytes) ? this.#answer(bytes) : undefined;
  }

  #isMute(request: Uint8Array): boolean {
    const { isMute = false, amending } = this.traits;
    return isMute || (amending === "is mute" && decode("SignRequest", request).stage === SIGN_STAGE.AMENDMENT);
  }

  #answer(bytes: Uint8Array): Uint8Array {
    const { requestId, stage, message } = decode("SignRequest", bytes);
    const amending = stage === SIGN_STAGE.AMENDMENT ? this.traits.amending : undefined;
    const { refusal = amending === "declines" ? "no" : "", isForging = amending === "forges" } = this.traits;
    const wanted = messageToSign(stage, message);
    const signed = isForging ? Buffer.from("something else") : wanted;
    const signature = refusal === "" ? this.key.sign(signed) : new Uint8Array();
    return encode("SignResponse", { requestId, signature, refusal });
  }

  #powerW(atUnixMs: number): bigint {
    const loadW = atUnixMs % DAY_MS < MORNING_MS ? NIGHT_LOAD_W : DAY_LOAD_W;
    const limit = this.#limitAt(atUnixMs);
    const isStuck = atUnixMs >= (this.traits.stuckFromUnixMs ?? Number.POSITIVE_INFINITY);
    if (limit === undefined || isStuck || limit.importWMax >= loadW) return loadW;
    const lowestW = loadW - 600n;
    return limit.importWMax > lowestW ? limit.importWMax : lowestW;
  }

  #limitAt(atUnixMs: number): PowerLimit | undefined {
    const at = BigInt(atUnixMs);
    return this.#setpoint?.limits.find(({ startUnixMs, endUnixMs }) => startUnixMs <= at && at < endUnixMs);
  }
}

/** A consent is to the terms in an argument of `sc2:AcceptReduction`, an amendment to the amended order beside them. */
function messageToSign(stage: SignStage, message: Uint8Array): Uint8Array {
  if (stage !== SIGN_STAGE.CONSENT && stage !== SIGN_STAGE.AMENDMENT) return message;
  const shown = JSON.parse(Buffer.from(message).toString()) as { termsHashHex: string; amendmentText: string };
  if (stage === SIGN_STAGE.CONSENT) return consentSigningBytes(Buffer.from(shown.termsHashHex, "hex"));
  return amendmentSigningBytes(createHash("sha256").update(shown.amendmentText).digest());
}
