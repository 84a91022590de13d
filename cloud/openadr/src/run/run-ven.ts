import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { systemClock, systemRandom } from "../clock.ts";
import { signingIdentity, type TlsMaterial } from "../exchange/index.ts";
import { MemoryNonceStore, parseFingerprint } from "../signature/index.ts";
import { SqliteDocumentStore } from "../storage/index.ts";
import {
  type EventDecision,
  HttpTransport,
  type Meter,
  type OfferedReport,
  ReplayedMeter,
  Ven20b,
  VenError,
  type VenNotification,
} from "../ven20b/index.ts";
import { readTlsFiles, type TlsFiles } from "./tls-files.ts";

export interface RunVenOptions {
  /** Up to and including `/OpenADR2/Simple/2.0b`. */
  readonly url: string;
  readonly tls?: TlsFiles;
  readonly isSigning?: boolean;
  /** The VTN's certificate, told outside of OpenADR. */
  readonly vtnFingerprint?: string;
  readonly venName?: string;
  readonly venId?: string;
  /** What to answer to every event; `manual` leaves each to `ven.decide`. */
  readonly answer?: "optIn" | "optOut" | "manual";
  readonly dataFolder: string;
}

export interface RunVenModules {
  readonly meter?: Meter;
  readonly onNotification?: (notification: VenNotification) => void;
  /** Told of every failed exchange; the VEN goes on trying. */
  readonly onFailure: (error: VenError) => void;
}

export interface RunningVen {
  readonly ven: Ven20b;
  /** Settles when the VEN has stopped; rejects on a fault of this program. */
  readonly finished: Promise<void>;
  stop(): Promise<void>;
}

/** Between attempts that failed: soon at first, and never so late that an event is missed. */
const RETRY_MS = { first: 1_000, last: 60_000 } as const;

/** Telemetry every minute at most; the VTN chooses the period within these bounds. */
const DEFAULT_REPORT: OfferedReport = {
  reportSpecifierId: "TELEMETRY-USAGE",
  reportName: "TELEMETRY_USAGE",
  duration: "PT1H",
  descriptions: [
    {
      rID: "METER",
      reportType: "usage",
      itemBase: { kind: "energyReal", value: { itemDescription: "RealEnergy", itemUnits: "Wh", siScaleCode: "none" } },
      readingType: "Direct Read",
      oadrSamplingRate: { oadrMinPeriod: "PT1M", oadrMaxPeriod: "PT15M", oadrOnChange: false },
    },
  ],
};

/** Starts a VEN that registers, polls, answers events and reports until it is stopped. */
export async function runVen(options: RunVenOptions, modules: RunVenModules): Promise<RunningVen> {
  const tls = options.tls === undefined ? undefined : await readTlsFiles(options.tls);
  const isSigning = options.isSigning === true;
  if (isSigning && tls === undefined) throw new TypeError("signing needs a certificate and its key");
  const store = openStore(options.dataFolder);
  const transport = openTransport(options, tls);
  const ven = new Ven20b(
    {
      venName: options.venName ?? "gridpact",
      isSigning,
      reports: [DEFAULT_REPORT],
      decide: decisionOf(options.answer ?? "optIn"),
      ...(options.venId === undefined ? {} : { venId: options.venId }),
    },
    {
      store,
      transport,
      clock: systemClock,
      random: systemRandom,
      meter: modules.meter ?? new ReplayedMeter(),
      ...(modules.onNotification === undefined ? {} : { onNotification: modules.onNotification }),
    },
  );
  const stopping = new AbortController();
  const finished = live(ven, stopping.signal, modules.onFailure).finally(() =>
    transport.close().then(() => store.close()),
  );
  const stop = async () => {
    stopping.abort();
    await finished;
  };
  return { ven, finished, stop };
}

/** The VEN's life: every exchange that fails is told and tried again, a little later each time. */
async function live(ven: Ven20b, signal: AbortSignal, onFailure: (error: VenError) => void): Promise<void> {
  let retryMs: number = RETRY_MS.first;
  let hasRegistered = false;
  while (!signal.aborted) {
    try {
      if (!hasRegistered) await ven.register();
      hasRegistered = true;
      await ven.poll();
      await ven.sendDueReports();
      retryMs = RETRY_MS.first;
      await pause(untilNext(ven), signal);
    } catch (error) {
      if (!(error instanceof VenError)) throw error;
      onFailure(error);
      await pause(retryMs, signal);
      retryMs = Math.min(retryMs * 2, RETRY_MS.last);
    }
  }
}

/** Until the next poll or the next report, whichever is sooner. */
function untilNext(ven: Ven20b): number {
  const reportAtUnixMs = ven.nextReportAtUnixMs() ?? Number.POSITIVE_INFINITY;
  return Math.max(0, Math.min(ven.pollFrequencyMs, reportAtUnixMs - systemClock.nowUnixMs()));
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(milliseconds, undefined, { signal });
  } catch (error) {
    // Being woken up by the stop signal is how a pause ends early, and no failure.
    if (!signal.aborted) throw error;
  }
}

function openStore(folder: string): SqliteDocumentStore {
  if (folder === ":memory:") return new SqliteDocumentStore(folder);
  mkdirSync(folder, { recursive: true });
  return new SqliteDocumentStore(join(folder, "ven.sqlite"));
}

function openTransport({ url, vtnFingerprint, isSigning }: RunVenOptions, tls: TlsMaterial | undefined): HttpTransport {
  const pinned = vtnFingerprint === undefined ? undefined : parseFingerprint(vtnFingerprint);
  if (vtnFingerprint !== undefined && pinned === undefined) throw new TypeError("the VTN's fingerprint is malformed");
  const signing = isSigning === true && tls !== undefined ? signingIdentity(tls) : undefined;
  const security = { signing, nonces: new MemoryNonceStore(), clock: systemClock, random: systemRandom };
  return new HttpTransport({ url, tls, vtnFingerprint: pinned }, security);
}

function decisionOf(answer: "optIn" | "optOut" | "manual"): EventDecision {
  return () => (answer === "manual" ? undefined : answer);
}
