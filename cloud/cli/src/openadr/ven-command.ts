import { createInterface, type Interface } from "node:readline";
import { type OptType, type RunningVen, runVen, VenError, type VenNotification } from "@gridpact/openadr";
import { type Command, Option } from "commander";
import { portNumber } from "../flag-values.ts";
import { withClearErrors } from "./clear-errors.ts";
import { finiteNumber, withData, withJson } from "./flags.ts";
import { createReporter, type Reporter } from "./reporter.ts";
import { stateFolder } from "./state-folder.ts";
import type { Surroundings } from "./surroundings.ts";
import { readTlsFlags, type TlsFlags, withTlsFlags } from "./tls-flags.ts";
import { runVen3Command, type Ven3Flags } from "./ven3-command.ts";

interface VenFlags extends TlsFlags, Omit<Ven3Flags, "tlsCa"> {
  readonly profile: "2.0b" | "3.1";
  readonly optOut?: boolean;
  readonly manual?: boolean;
  readonly venId?: string;
  readonly vtnFingerprint?: string;
  readonly pushPort?: number;
}

/** `openadr ven`: goes on trying whatever fails, and tells each failure. */
export function addVen(openadr: Command, surroundings: Surroundings): void {
  withJson(withData(withTlsFlags(openadr.command("ven"))))
    .description(
      "run a VEN until Ctrl-C: it registers, polls, reports a replayed meter's telemetry, answers every event, " +
        "and is the same VEN when it is started again",
    )
    .requiredOption(
      "--url <url>",
      "the VTN, up to and including /OpenADR2/Simple/2.0b (3.1: what stands before /events)",
    )
    .addOption(new Option("--profile <profile>", "which OpenADR to speak").choices(["2.0b", "3.1"]).default("2.0b"))
    .addOption(new Option("--opt-out", "answer every event optOut instead of optIn").conflicts("manual"))
    .option("--manual", "leave events to a person: a line `optIn EVENT` or `optOut EVENT` on standard input decides")
    .option("--name <name>", "name of the VEN")
    .option("--ven-id <id>", "a venID agreed on with the VTN beforehand")
    .option("--vtn-fingerprint <fingerprint>", "the only VTN certificate to believe")
    .option("--push-port <port>", "let the VTN push to this port instead of polling it", portNumber)
    .option("--client-id <id>", "3.1: as whom to come", "ven")
    .option("--client-secret-file <file>", "3.1: its secret; by default what a VTN of the same data directory made")
    .option("--poll-seconds <number>", "3.1: how often to poll; 10 by default, 300 with --notify", finiteNumber)
    .addOption(
      new Option("--notify <way>", "3.1: what makes it poll besides: the VTN's webhook or its MQTT broker").choices([
        "webhook",
        "mqtt",
      ]),
    )
    .option("--webhook-port <port>", "3.1: where the VTN's webhook comes to; a free one by default", portNumber)
    .option("--callback-url <url>", "3.1: how the VTN reaches that port, when not at its own address")
    .action((flags: VenFlags) =>
      withClearErrors(() =>
        flags.profile === "3.1" ? runVen3Command(flags, surroundings) : runVenCommand(flags, surroundings),
      ),
    );
}

async function runVenCommand(flags: VenFlags, { write, untilEnd, input }: Surroundings): Promise<void> {
  const report = createReporter(write, flags.json);
  const running = await runVen(toOptions(flags), {
    onNotification: (notification) => report({ ...notification }, textOf(notification)),
    onFault: (error) => report({ kind: "fault", message: String(error) }, `fault: ${String(error)}`),
    onFailure: ({ code, message }) =>
      report({ kind: "failed", code, message }, `failed, will be tried again: ${message} (${code})`),
  });
  const decisions = flags.manual === true ? takeDecisions(running, input, report) : undefined;
  await Promise.race([untilEnd(), running.finished]);
  decisions?.close();
  await running.stop();
}

/** One folder for each VTN and name: identities given by different VTNs have nothing to do with each other. */
function toOptions(flags: VenFlags): Parameters<typeof runVen>[0] {
  const { url, name, venId, vtnFingerprint, pushPort } = flags;
  if (!URL.canParse(url)) throw new TypeError(`--url ${url} is no URL`);
  const tls = readTlsFlags(flags);
  return {
    url,
    isSigning: flags.sign,
    answer: flags.manual === true ? "manual" : flags.optOut === true ? "optOut" : "optIn",
    dataFolder: stateFolder(flags.data, `ven-${new URL(url).host}-${name ?? "gridpact"}`),
    ...(tls === undefined ? {} : { tls }),
    ...(name === undefined ? {} : { venName: name }),
    ...(venId === undefined ? {} : { venId }),
    ...(vtnFingerprint === undefined ? {} : { vtnFingerprint }),
    ...(pushPort === undefined ? {} : { push: { port: pushPort } }),
  };
}

const DECISION = /^\s*(optIn|optOut)\s+(\S+)\s*$/;

function takeDecisions({ ven }: RunningVen, input: Surroundings["input"], report: Reporter): Interface {
  return createInterface({ input }).on("line", (line) => {
    const [, optType, eventId] = DECISION.exec(line) ?? [];
    if (optType === undefined || eventId === undefined) {
      report({ kind: "not-understood", line }, "say `optIn EVENT` or `optOut EVENT`");
    } else void decide(ven, { eventId, optType: optType as OptType }, report);
  });
}

/** Never rejects: a decision that failed is told, and can be said again. */
async function decide(
  ven: RunningVen["ven"],
  { eventId, optType }: { readonly eventId: string; readonly optType: OptType },
  report: Reporter,
): Promise<void> {
  try {
    await ven.decide(eventId, optType);
    report({ kind: "decided", eventId, optType }, `${eventId}: ${optType}`);
  } catch (error) {
    const code = error instanceof VenError ? error.code : "failed";
    report({ kind: "not-decided", eventId, code }, `${eventId} is not answered: ${(error as Error).message}`);
  }
}

function textOf(notification: VenNotification): string {
  switch (notification.kind) {
    case "registered":
      return `registered as ${notification.venId}`;
    case "registration-cancelled":
      return `registration of ${notification.venId} cancelled`;
    case "event-received": {
      const { eventDescriptor, eiActivePeriod } = notification.event.eiEvent;
      const { eventID, modificationNumber } = eventDescriptor;
      const start = new Date(eiActivePeriod.properties.dtstartUnixMs).toISOString();
      const answer = notification.optType ?? "waits for `optIn` or `optOut`";
      return `event ${eventID} (modification ${modificationNumber}) from ${start}: ${answer}`;
    }
    case "event-cancelled":
      return `event ${notification.eventId} cancelled`;
    case "signals-changed": {
      const said = notification.signals.map(({ signalName, value }) => `${signalName} ${value}`).join(", ");
      return `event ${notification.eventId}: ${said === "" ? "is over" : said}`;
    }
    case "report-sent":
      return `report ${notification.reportRequestId} sent`;
    case "report-received":
      return `the VTN sent ${notification.report.reportName ?? "a report"}`;
  }
}
