import { mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { systemClock, systemRandom } from "../clock.ts";
import { type Meter3, Oadr3Client, Oadr3Error, Ven3, type Ven3Notification } from "../oadr3/index.ts";
import { ReplayedMeter } from "../reports20b/index.ts";
import { SqliteDocumentStore } from "../storage/index.ts";
import { pause } from "./pause.ts";

export interface RunVen3Options {
  /** In front of `/programs`. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly venName: string;
  /** Follow this program's events only. */
  readonly programId?: string;
  /** PEM; absent: the authorities that the system trusts. */
  readonly caPath?: string;
  /** Absent: every ten seconds. */
  readonly pollMs?: number;
  /** Where everything durable goes; `:memory:` keeps nothing. */
  readonly dataFolder: string;
}

export interface RunVen3Modules {
  /** Absent: a replayed household. */
  readonly meter?: Meter3;
  readonly onNotification?: (notification: Ven3Notification) => void;
  /** Told of every failed exchange; the VEN goes on trying. */
  readonly onFailure: (error: Oadr3Error) => void;
}

/** A VEN that lives until it is stopped, whatever the VTN does. */
export interface RunningVen3 {
  readonly ven: Ven3;
  /** Settles when the VEN has stopped; rejects on a fault of this program. */
  readonly finished: Promise<void>;
  stop(): Promise<void>;
}

/** As a 2.0b VEN does by default: a change is known soon, and a thousand VENs make a hundred requests a second. */
const DEFAULT_POLL_MS = 10_000;

/** Starts a VEN that finds or makes its ven object, follows its events and reports until it is stopped. */
export async function runVen3(options: RunVen3Options, modules: RunVen3Modules): Promise<RunningVen3> {
  const { url, clientId, clientSecret, venName, programId, caPath, pollMs = DEFAULT_POLL_MS } = options;
  const caPem = caPath === undefined ? {} : { caPem: await readFile(caPath, "utf8") };
  const client = new Oadr3Client({ url, clientId, clientSecret, clock: systemClock, ...caPem });
  const store = openStore(options.dataFolder);
  const ven = new Ven3(
    { venName, ...(programId === undefined ? {} : { programId }) },
    {
      client,
      store,
      clock: systemClock,
      random: systemRandom,
      meter: modules.meter ?? replayed(new ReplayedMeter()),
      ...(modules.onNotification === undefined ? {} : { onNotification: modules.onNotification }),
    },
  );
  const stopping = new AbortController();
  const finished = live(ven, { signal: stopping.signal, pollMs, onFailure: modules.onFailure }).finally(() =>
    client.close().then(() => store.close()),
  );
  const stop = async () => {
    stopping.abort();
    await finished;
  };
  return { ven, finished, stop };
}

interface Life {
  readonly signal: AbortSignal;
  readonly pollMs: number;
  readonly onFailure: RunVen3Modules["onFailure"];
}

/** Polls at its pace, and is awake at every beginning and end in between. */
async function live(ven: Ven3, { signal, pollMs, onFailure }: Life): Promise<void> {
  let isRegistered = false;
  let pollAtUnixMs = 0;
  while (!signal.aborted) {
    try {
      if (!isRegistered) await ven.register();
      isRegistered = true;
      if (systemClock.nowUnixMs() >= pollAtUnixMs) {
        pollAtUnixMs = systemClock.nowUnixMs() + pollMs;
        await ven.poll();
      }
      ven.advance();
      await ven.sendDueReports();
    } catch (error) {
      if (!(error instanceof Oadr3Error)) throw error;
      onFailure(error);
      pollAtUnixMs = systemClock.nowUnixMs() + pollMs;
      await pause(pollMs, signal);
      continue;
    }
    const nextUnixMs = Math.min(pollAtUnixMs, ven.nextUnixMs());
    await pause(Math.max(0, nextUnixMs - systemClock.nowUnixMs()), signal);
  }
}

/** Usage is energy in Wh over the interval, demand its mean in W; of anything else there is nothing to report. */
function replayed(meter: ReplayedMeter): Meter3 {
  return {
    sample({ payloadType, startUnixMs, endUnixMs }) {
      const { value } = meter.sample({ rId: payloadType, startUnixMs, endUnixMs });
      if (payloadType === "USAGE") return value;
      return payloadType === "DEMAND" ? (value * 3_600_000) / (endUnixMs - startUnixMs) : undefined;
    },
  };
}

function openStore(folder: string): SqliteDocumentStore {
  if (folder === ":memory:") return new SqliteDocumentStore(folder);
  mkdirSync(folder, { recursive: true });
  return new SqliteDocumentStore(join(folder, "ven3.sqlite"));
}
