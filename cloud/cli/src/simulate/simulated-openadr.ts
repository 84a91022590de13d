import { createHash } from "node:crypto";
import { type Fingerprint, parseFingerprint, type Vtn20b, type VtnTransport } from "@gridpact/openadr";
import type { Incarnation } from "./incarnation.ts";
import type { SimulatedNetwork } from "./network.ts";

/** Of the market's time: short against the ten minutes to answer in, and a seed's day stays short to play. */
export const POLL_FREQUENCY = "PT1M";

/** Where a certificate would prove it, a name stands for itself. */
export function fingerprintOf(name: string): Fingerprint {
  const bytes = createHash("sha256").update(name).digest().subarray(0, 10);
  const fingerprint = parseFingerprint(bytes.toString("hex"));
  if (fingerprint === undefined) throw new TypeError("ten bytes are a fingerprint");
  return fingerprint;
}

/** A VEN's way to a VTN over the simulated network; the VTN may be down. */
export function simulatedTransport(options: {
  network: SimulatedNetwork;
  caller: Incarnation;
  name: string;
  vtn: () => Vtn20b | undefined;
}): VtnTransport {
  const { network, caller, name, vtn } = options;
  const peer = { fingerprint: fingerprintOf(name) };
  return {
    send: (service, message) =>
      network.call(caller, async () => {
        const reply = vtn()?.answer(service, message, peer);
        if (reply?.ok !== true) throw new TypeError(reply === undefined ? "the VTN is down" : reply.fault);
        return reply.message;
      }),
  };
}
