import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { systemClock, systemRandom } from "../clock.ts";
import {
  ExchangeError,
  HttpTransport,
  type MessageSecurity,
  signingIdentity,
  type TlsMaterial,
} from "../exchange/index.ts";
import { type Meter, ReplayedMeter } from "../reports20b/index.ts";
import { type Fingerprint, parseFingerprint, SqliteNonceStore } from "../signature/index.ts";
import { SqliteDocumentStore } from "../storage/index.ts";
import {
  createVenServer,
  type EventDecision,
  Ven20b,
  VenError,
  type VenNotification,
  type VenServerModules,
} from "../ven20b/index.ts";
import { HTTP_PATH } from "../wire20b/index.ts";
import { Doorbell } from "./doorbell.ts";
import { readTlsFiles, type TlsFiles } from "./tls-files.ts";
import { DEFAULT_REPORTS, withStatus } from "./ven-reports.ts";

/** Everything that has to be known to be a VEN. Files are paths of PEM files. */
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
  /** The VTN comes to this VEN instead of being polled. With TLS, `vtnFingerprint` is needed too. */
  readonly push?: {
    readonly port: number;
    readonly host?: string;
    /** How the VTN reaches the port, when that is not the host and port themselves. */
    readonly address?: string;
  };
}

/** What a VEN that runs tells, and where its values come from. */
export interface RunVenModules {
  readonly meter?: Meter;
  readonly onNotification?: (notification: VenNotification) => void;
  /** Told of faults of this program while it answered a push. */
  readonly onFault?: (error: unknown) => void;
  /** Told of every failed exchange; the VEN goes on trying. */
  readonly onFailure: (error: VenError | ExchangeError) => void;
}

/** A VEN that lives until it is stopped, whatever the VTN does. */
export interface RunningVen {
  readonly ven: Ven20b;
  /** Settles when the VEN has stopped; rejects on a fault of this program. */
  readonly finished: Promise<void>;
  stop(): Promise<void>;
}

/** Between attempts that failed: soon at first, and never so late that an event is missed. */
const RETRY_MS = { first: 1_000, last: 60_000 } as const;

/** Starts a VEN that registers, polls (or is pushed to), answers events and reports until it is stopped. */
export async function runVen(options: RunVenOptions, modules: RunVenModules): Promise<RunningVen> {
  const tls = options.tls === undefined ? undefined : await readTlsFiles(options.tls);
  const { signing, pinned } = readSetting(options, tls);
  const { store, nonces } = openStores(options.dataFolder);
  const security = { signing, nonces, clock: systemClock, random: systemRandom };
  const transport = new HttpTransport({ url: options.url, tls, peerFingerprint: pinned }, security);
  let ven: Ven20b | undefined;
  const onFault = modules.onFault ?? (() => undefined);
  const listening = await listen(options, { tls, pinned, security, ven: () => ven, onFault });
  const bell = new Doorbell();
  ven = createVen(options, modules, { store, transport, pushAddress: listening?.address, bell });
  const stopping = new AbortController();
  const finished = live(ven, { signal: stopping.signal, bell, onFailure: modules.onFailure }).finally(() =>
    Promise.all([listening?.server.close(), transport.close()]).then(() => {
      store.close();
      nonces.close();
    }),
  );
  const stop = async () => {
    stopping.abort();
    await finished;
  };
  return { ven, finished, stop };
}

interface VenSurroundings {
  readonly store: SqliteDocumentStore;
  readonly transport: HttpTransport;
  readonly pushAddress: string | undefined;
  /** Rings when the VTN has pushed an event, whose first step may be sooner than whatever was waited for. */
  readonly bell: Doorbell;
}

function createVen(options: RunVenOptions, modules: RunVenModules, around: VenSurroundings): Ven20b {
  const { store, transport, pushAddress, bell } = around;
  return new Ven20b(
    {
      venName: options.venName ?? "gridpact",
      isSigning: options.isSigning === true,
      reports: DEFAULT_REPORTS,
      decide: decisionOf(options.answer ?? "optIn"),
      ...(options.venId === undefined ? {} : { venId: options.venId }),
      ...(pushAddress === undefined ? {} : { pushAddress }),
    },
    {
      store,
      transport,
      clock: systemClock,
      random: systemRandom,
      meter: withStatus(modules.meter ?? new ReplayedMeter()),
      onNotification: (notification) => {
        if (pushAddress !== undefined && notification.kind === "event-received") bell.ring();
        modules.onNotification?.(notification);
      },
    },
  );
}

interface Setting {
  readonly signing: MessageSecurity["signing"];
  readonly pinned: Fingerprint | undefined;
}

/** Throws `TypeError` for options that do not go together. */
function readSetting({ isSigning, vtnFingerprint }: RunVenOptions, tls: TlsMaterial | undefined): Setting {
  if (isSigning === true && tls === undefined) throw new TypeError("signing needs a certificate and its key");
  const pinned = vtnFingerprint === undefined ? undefined : parseFingerprint(vtnFingerprint);
  if (vtnFingerprint !== undefined && pinned === undefined) throw new TypeError("the VTN's fingerprint is malformed");
  return { pinned, signing: isSigning === true && tls !== undefined ? signingIdentity(tls) : undefined };
}

type Listening = { readonly server: FastifyInstance; readonly address: string } | undefined;

interface ListenModules extends VenServerModules {
  readonly tls: TlsMaterial | undefined;
  readonly pinned: Fingerprint | undefined;
}

async function listen({ push }: RunVenOptions, modules: ListenModules): Promise<Listening> {
  if (push === undefined) return undefined;
  const server = createVenServer({ tls: modules.tls, vtnFingerprint: modules.pinned }, modules);
  const origin = await server.listen({ host: push.host ?? "127.0.0.1", port: push.port });
  return { server, address: push.address ?? origin + HTTP_PATH };
}

interface Life {
  readonly signal: AbortSignal;
  readonly bell: Doorbell;
  readonly onFailure: RunVenModules["onFailure"];
}

/** The VEN's life: every exchange that fails is told and tried again, a little later each time. */
async function live(ven: Ven20b, { signal, bell, onFailure }: Life): Promise<void> {
  let retryMs: number = RETRY_MS.first;
  let work = async () => {
    await ven.register();
    work = () => takeTurn(ven);
    await work();
  };
  while (!signal.aborted) {
    const failure = await attempt(() => work());
    if (failure !== undefined) onFailure(failure);
    bell.answer();
    await bell.wait(failure === undefined ? untilNext(ven) : retryMs, signal);
    retryMs = failure === undefined ? RETRY_MS.first : Math.min(retryMs * 2, RETRY_MS.last);
  }
}

async function takeTurn(ven: Ven20b): Promise<void> {
  if (!ven.isPushedTo) await ven.poll();
  ven.advance();
  await ven.sendDueReports();
}

/** What went wrong between the two parties; anything else is a fault of this program and goes on. */
async function attempt(work: () => Promise<void>): Promise<VenError | ExchangeError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof VenError || error instanceof ExchangeError) return error;
    throw error;
  }
}

/** Until the next poll, the next report or the next step of an event, whichever is soonest. */
function untilNext(ven: Ven20b): number {
  const reportAtUnixMs = ven.nextReportAtUnixMs() ?? Number.POSITIVE_INFINITY;
  const nextUnixMs = Math.min(reportAtUnixMs, ven.nextChangeAtUnixMs());
  return Math.max(0, Math.min(ven.pollFrequencyMs, nextUnixMs - systemClock.nowUnixMs()));
}

/** Nonces are on the disk too: a VTN's message that was taken before a restart must not be taken again after it. */
function openStores(folder: string): { store: SqliteDocumentStore; nonces: SqliteNonceStore } {
  if (folder !== ":memory:") mkdirSync(folder, { recursive: true });
  const pathOf = (name: string) => (folder === ":memory:" ? folder : join(folder, name));
  return {
    store: new SqliteDocumentStore(pathOf("ven.sqlite")),
    nonces: new SqliteNonceStore(pathOf("nonces.sqlite")),
  };
}

function decisionOf(answer: "optIn" | "optOut" | "manual"): EventDecision {
  return () => (answer === "manual" ? undefined : answer);
}
