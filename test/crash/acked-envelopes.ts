import { createHash } from "node:crypto";
import type { LoggedEnvelope } from "@gridpact/native";
import { decode, VERDICT } from "@gridpact/proto";
import type { SentEnvelope } from "./load-device.ts";

/** What the log has to say about what was acknowledged. */
export type LogCounts = {
  acked: number;
  /** Acknowledged, and not in the log with these bytes. */
  lost: number;
  /** Identities that were accepted more than once, acknowledged or not, whatever the bytes. */
  storedTwice: number;
  /** Acknowledged as a rejection, which is in the log. */
  rejected: number;
  /** Honest ones that the log has as rejected, and forged ones that it has as accepted. */
  misjudged: number;
};

/** The devices' side of the account: every acknowledged envelope by its identity, with the hash of its bytes. */
export class AckedEnvelopes {
  readonly #envelopes = new Map<string, { hash: string; isForged: boolean }>();

  count(): number {
    return this.#envelopes.size;
  }

  add({ deviceId, firstSeq, bytes, isForged }: SentEnvelope): void {
    this.#envelopes.set(identityOf(deviceId, firstSeq), { hash: hashOf(bytes), isForged });
  }

  /** The account as it stands. */
  copy(): AckedEnvelopes {
    const copy = new AckedEnvelopes();
    for (const [identity, envelope] of this.#envelopes) copy.#envelopes.set(identity, envelope);
    return copy;
  }

  /** Holds the account against all records of the log. */
  async reconcile(records: AsyncIterable<LoggedEnvelope>): Promise<LogCounts> {
    const log = await indexLog(records);
    const storedTwice = [...log.acceptances.values()].filter((times) => times > 1).length;
    const counts = { acked: this.count(), lost: 0, storedTwice, rejected: 0, misjudged: 0 };
    for (const { hash, isForged } of this.#envelopes.values()) {
      const isAccepted = log.accepted.has(hash);
      const isRejected = log.rejected.has(hash);
      counts.lost += Number(!isAccepted && !isRejected);
      counts.rejected += Number(isRejected);
      counts.misjudged += Number(isForged ? isAccepted : isRejected);
    }
    return counts;
  }
}

type LogIndex = {
  /** How often each identity was accepted. */
  acceptances: Map<string, number>;
  /** Hashes of bytes. */
  accepted: Set<string>;
  rejected: Set<string>;
};

/** Rejected envelopes are kept whole up to 4 KiB, which is far more than those of this test have. */
async function indexLog(records: AsyncIterable<LoggedEnvelope>): Promise<LogIndex> {
  const index: LogIndex = { acceptances: new Map(), accepted: new Set(), rejected: new Set() };
  for await (const { verdict, bytes } of records) {
    if (verdict !== VERDICT.ACCEPTED) {
      index.rejected.add(hashOf(bytes));
      continue;
    }
    index.accepted.add(hashOf(bytes));
    const identity = identityIn(bytes);
    index.acceptances.set(identity, (index.acceptances.get(identity) ?? 0) + 1);
  }
  return index;
}

/** All devices of a run stay in their first boot epoch. */
function identityOf(deviceId: string, firstSeq: bigint): string {
  return `${deviceId}/${firstSeq}`;
}

function identityIn(signedEnvelope: Uint8Array): string {
  const { deviceId, firstSeq } = decode("EnvelopePayload", decode("SignedEnvelope", signedEnvelope).payload);
  return identityOf(deviceId, firstSeq);
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("base64");
}
