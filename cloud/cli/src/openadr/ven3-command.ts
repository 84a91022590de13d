import { type RunVen3Options, runVen3, type Ven3Notification } from "@gridpact/openadr";
import { readSecret } from "./clients-file.ts";
import { createReporter } from "./reporter.ts";
import { stateFolder } from "./state-folder.ts";
import type { Surroundings } from "./surroundings.ts";

/** The flags of `openadr ven` that a 3.1 VEN knows. */
export interface Ven3Flags {
  readonly url: string;
  readonly name?: string;
  readonly clientId: string;
  readonly clientSecretFile?: string;
  readonly tlsCa?: string;
  readonly pollSeconds?: number;
  readonly notify?: "webhook" | "mqtt";
  readonly webhookPort?: number;
  readonly callbackUrl?: string;
  readonly data: string;
  readonly json: boolean;
}

/** Follows the events of a 3.1 VTN and reports on them until it is ended. */
export async function runVen3Command(flags: Ven3Flags, { write, untilEnd }: Surroundings): Promise<void> {
  const { url, name, clientId, clientSecretFile, tlsCa, pollSeconds, data, json } = flags;
  if (!URL.canParse(url)) throw new TypeError(`--url ${url} is no URL`);
  const report = createReporter(write, json);
  const venName = name ?? clientId;
  const running = await runVen3(
    {
      url: url.replace(/\/$/, ""),
      clientId,
      clientSecret: readSecret(clientId, clientSecretFile, data),
      venName,
      dataFolder: stateFolder(data, `ven3-${new URL(url).host}-${venName}`),
      ...(tlsCa === undefined ? {} : { caPath: tlsCa }),
      ...(pollSeconds === undefined ? {} : { pollMs: pollSeconds * 1_000 }),
      ...notificationsOf(flags),
    },
    {
      onNotification: (notification) => report({ ...notification }, textOf(notification)),
      onFailure: ({ code, message }) =>
        report({ kind: "failed", code, message }, `failed, will be tried again: ${message} (${code})`),
    },
  );
  await Promise.race([untilEnd(), running.finished]);
  await running.stop();
}

/** What of the flags is about being told. */
function notificationsOf({ notify, webhookPort, callbackUrl }: Ven3Flags): Pick<RunVen3Options, "notifications"> {
  if (notify === undefined) return {};
  if (notify === "mqtt") return { notifications: { kind: "mqtt" } };
  const address = callbackUrl === undefined ? {} : { callbackUrl };
  return { notifications: { kind: "webhook", port: webhookPort ?? 0, ...address } };
}

function textOf(notification: Ven3Notification): string {
  switch (notification.kind) {
    case "registered":
      return `registered as ${notification.venId}`;
    case "event-received":
      return `event ${notification.event.id}`;
    case "event-changed":
      return `event ${notification.event.id} has changed`;
    case "event-cancelled":
      return `event ${notification.eventId} is gone`;
    case "interval-started":
      return intervalText(notification.interval);
    case "report-sent":
      return `report ${notification.reportId} sent for ${notification.eventId}`;
  }
}

function intervalText(interval: Extract<Ven3Notification, { kind: "interval-started" }>["interval"]): string {
  if (interval === undefined) return "no event holds now";
  const values = interval.payloads.map(({ type, values: list }) => `${type} ${list.join(" ")}`).join(", ");
  return `event ${interval.eventId} holds now: ${values}`;
}
