import { mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { systemClock, systemRandom } from "../clock.ts";
import { type Meter3, Oadr3Client, Oadr3Error, Ven3, type Ven3Notification } from "../oadr3/index.ts";
import { ReplayedMeter } from "../reports20b/index.ts";
import { SqliteDocumentStore } from "../storage/index.ts";
import { Doorbell } from "./doorbell.ts";
import { type NewsSource, openNews } from "./news3.ts";
import { readKeyPair, type TlsFiles } from "./tls-files.ts";

/** Everything that has to be known to be a 3.1 VEN. */
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
  /** Absent: every ten seconds; with notifications every five minutes, as one may be lost. */
  readonly pollMs?: number;
  /** What makes the VEN poll besides. */
  readonly notifications?: NewsSource;
  /** Between attempts to hear of news, when one failed; absent: ten seconds. */
  readonly newsRetryMs?: number;
  /** For webhooks over TLS: paths of PEM files. */
  readonly tls?: Pick<TlsFiles, "certificatePath" | "privateKeyPath">;
  /** Where everything durable goes; `:memory:` keeps nothing. */
  readonly dataFolder: string;
}

/** What a 3.1 VEN that runs tells, and where its values come from. */
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

/** Notifications tell what is new; a poll now and then finds what they have not told. */
const DEFAULT_POLL_WITH_NEWS_MS = 300_000;

/** Starts a VEN that finds or makes its ven object, follows its events and reports until it is stopped. */
export async function runVen3(options: RunVen3Options, modules: RunVen3Modules): Promise<RunningVen3> {
  const { url, clientId, clientSecret, venName, caPath, notifications } = options;
  const caPem = caPath === undefined ? undefined : await readFile(caPath, "utf8");
  const tls = options.tls === undefined ? undefined : await readKeyPair(options.tls);
  const authority = caPem === undefined ? {} : { caPem };
  const client = new Oadr3Client({ url, clientId, clientSecret, clock: systemClock, ...authority });
  const bell = new Doorbell();
  const { onFailure } = modules;
  const news = await openNews(notifications, {
    client,
    tls,
    caPem,
    retryMs: options.newsRetryMs ?? DEFAULT_POLL_MS,
    onNews: () => bell.ring(),
    onFailure,
  });
  const store = openStore(options.dataFolder);
  const ven = createVen(options, modules, { client, store });
  const stopping = new AbortController();
  const pollMs = options.pollMs ?? (notifications === undefined ? DEFAULT_POLL_MS : DEFAULT_POLL_WITH_NEWS_MS);
  const onRegistered = (venId: string) => news.start({ venId, venName });
  const finished = live(ven, { signal: stopping.signal, pollMs, bell, onRegistered, onFailure }).finally(() =>
    news
      .stop()
      .then(() => client.close())
      .then(() => store.close()),
  );
  const stop = async () => {
    stopping.abort();
    await finished;
  };
  return { ven, finished, stop };
}

function createVen(
  { venName, programId }: RunVen3Options,
  { meter, onNotification }: RunVen3Modules,
  around: { readonly client: Oadr3Client; readonly store: SqliteDocumentStore },
): Ven3 {
  return new Ven3(
    { venName, ...(programId === undefined ? {} : { programId }) },
    {
      ...around,
      clock: systemClock,
      random: systemRandom,
      meter: meter ?? replayed(new ReplayedMeter()),
      ...(onNotification === undefined ? {} : { onNotification }),
    },
  );
}

interface Life {
  readonly signal: AbortSignal;
  readonly pollMs: number;
  /** Rings when there is news. */
  readonly bell: Doorbell;
  readonly onRegistered: (venId: string) => void;
  readonly onFailure: RunVen3Modules["onFailure"];
}

/** Polls at its pace and when there is news, and is awake at every beginning and end in between. */
async function live(ven: Ven3, { signal, pollMs, bell, onRegistered, onFailure }: Life): Promise<void> {
  let begin: (() => Promise<void>) | undefined = async () => onRegistered(await ven.register());
  let pollAtUnixMs = 0;
  while (!signal.aborted) {
    try {
      await begin?.();
      begin = undefined;
      if (bell.answer() || systemClock.nowUnixMs() >= pollAtUnixMs) {
        pollAtUnixMs = systemClock.nowUnixMs() + pollMs;
        await ven.poll();
      }
      ven.advance();
      await ven.sendDueReports();
    } catch (error) {
      if (!(error instanceof Oadr3Error)) throw error;
      onFailure(error);
      const retryMs = Math.min(pollMs, DEFAULT_POLL_MS);
      pollAtUnixMs = systemClock.nowUnixMs() + retryMs;
      // News are worth another attempt at once.
      await bell.wait(retryMs, signal);
      continue;
    }
    const nextUnixMs = Math.min(pollAtUnixMs, ven.nextUnixMs());
    await bell.wait(Math.max(0, nextUnixMs - systemClock.nowUnixMs()), signal);
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
