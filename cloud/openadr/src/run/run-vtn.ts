import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { systemClock, systemRandom } from "../clock.ts";
import { type ExchangeError, signingIdentity, type TlsMaterial } from "../exchange/index.ts";
import { SqliteNonceStore } from "../signature/index.ts";
import { SqliteDocumentStore } from "../storage/index.ts";
import {
  createAdminServer,
  createVtnServer,
  Pusher,
  requestAllTelemetry,
  Vtn20b,
  type VtnNotification,
} from "../vtn20b/index.ts";
import { HTTP_PATH } from "../wire20b/index.ts";
import { once } from "./once.ts";
import { pause } from "./pause.ts";
import { readTlsFiles, type TlsFiles } from "./tls-files.ts";

/** Everything that has to be known to be a VTN. Files are paths of PEM files; port 0 takes a free one. */
export interface RunVtnOptions {
  readonly port: number;
  readonly host?: string;
  /** Absent: plain HTTP without any proof of identity. */
  readonly tls?: TlsFiles;
  /** Needs `tls`: the same certificate signs. */
  readonly isSigning?: boolean;
  readonly adminPort?: number;
  readonly vtnId?: string;
  readonly pollFrequency?: string;
  /** Where everything durable goes; `:memory:` keeps nothing. */
  readonly dataFolder: string;
}

/** What a VTN that runs tells. */
export interface RunVtnModules {
  readonly onNotification?: (notification: VtnNotification) => void;
  readonly onFault: (error: unknown) => void;
  /** Told of each push VEN that could not be reached. */
  readonly onPushFailure?: (venId: string, error: ExchangeError) => void;
}

/** A VTN that listens. `stop` waits for what is being answered and may be called twice. */
export interface RunningVtn {
  readonly url: string;
  readonly adminUrl: string;
  readonly vtn: Vtn20b;
  stop(): Promise<void>;
}

/** How long a push VEN waits for news at most; a look costs one query when there is none. */
const PUSH_EVERY_MS = 1_000;

const LOOPBACK = "127.0.0.1";
const DEFAULT_POLL_FREQUENCY = "PT10S";

/** Starts a 2.0b VTN and its admin interface (on loopback). Rejects when a file cannot be read or a port is taken. */
export async function runVtn(options: RunVtnOptions, modules: RunVtnModules): Promise<RunningVtn> {
  const tls = options.tls === undefined ? undefined : await readTlsFiles(options.tls);
  if (options.isSigning === true && tls === undefined) throw new TypeError("signing needs a certificate and its key");
  const { store, nonces } = openStores(options.dataFolder);
  const vtn = new Vtn20b(
    {
      vtnId: options.vtnId ?? "GRIDPACT-VTN",
      pollFrequency: options.pollFrequency ?? DEFAULT_POLL_FREQUENCY,
      isEnrolmentRequired: tls !== undefined,
      reportPolicy: requestAllTelemetry,
    },
    { store, clock: systemClock, random: systemRandom, ...notifier(modules) },
  );
  const security = { signing: signingOf(options, tls), nonces, clock: systemClock, random: systemRandom };
  const server = createVtnServer({ tls }, { vtn, security, onFault: modules.onFault });
  const admin = createAdminServer(vtn, { isLoopbackOnly: true, nowUnixMs: () => systemClock.nowUnixMs() });
  const onFailure = modules.onPushFailure ?? (() => undefined);
  const pusher = new Pusher({ vtn, tls, security, onFailure });
  const pushing = new AbortController();
  const pushed = pushUntil(pushing.signal, pusher).catch(modules.onFault);
  const stop = once(async () => {
    pushing.abort();
    await pusher.close();
    await pushed;
    await Promise.all([server.close(), admin.close()]);
    store.close();
    nonces.close();
  });
  try {
    const address = await server.listen({ host: options.host ?? LOOPBACK, port: options.port });
    const adminUrl = await admin.listen({ host: LOOPBACK, port: options.adminPort ?? 0 });
    return { url: address + HTTP_PATH, adminUrl, vtn, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function pushUntil(signal: AbortSignal, pusher: Pusher): Promise<void> {
  while (!signal.aborted) {
    await pause(PUSH_EVERY_MS, signal);
    if (!signal.aborted) await pusher.pushAll();
  }
}

function openStores(folder: string): { store: SqliteDocumentStore; nonces: SqliteNonceStore } {
  if (folder !== ":memory:") mkdirSync(folder, { recursive: true });
  const pathOf = (name: string) => (folder === ":memory:" ? folder : join(folder, name));
  return {
    store: new SqliteDocumentStore(pathOf("vtn.sqlite")),
    nonces: new SqliteNonceStore(pathOf("nonces.sqlite")),
  };
}

function signingOf({ isSigning }: RunVtnOptions, tls: TlsMaterial | undefined) {
  return isSigning === true && tls !== undefined ? signingIdentity(tls) : undefined;
}

function notifier({ onNotification }: RunVtnModules) {
  return onNotification === undefined ? {} : { onNotification };
}
