import { runVtn, type VtnNotification } from "@gridpact/openadr";
import { type Command, Option } from "commander";
import { portNumber } from "../flag-values.ts";
import { withClearErrors } from "./clear-errors.ts";
import { withData, withJson } from "./flags.ts";
import { createReporter, type Reporter } from "./reporter.ts";
import { stateFolder, writeAdminUrl } from "./state-folder.ts";
import type { Surroundings } from "./surroundings.ts";
import { readTlsFlags, withTlsFlags } from "./tls-flags.ts";
import { runVtn3Command, type Vtn3Flags } from "./vtn3-command.ts";

interface VtnFlags extends Vtn3Flags {
  readonly profile: "2.0b" | "3.1";
  readonly pollFrequency: string;
  readonly vtnId?: string;
}

/** `openadr vtn`: tells where it listens first, then what happens, until it is ended. */
export function addVtn(openadr: Command, surroundings: Surroundings): void {
  withJson(withData(withTlsFlags(openadr.command("vtn"))))
    .description("run a VTN until Ctrl-C; prints where it listens and what its VENs do")
    .requiredOption("--port <port>", "port for VENs; 0 takes a free one", portNumber)
    .option("--host <address>", "address to listen on; without TLS nobody proves who they are", "127.0.0.1")
    .addOption(new Option("--profile <profile>", "which OpenADR to speak").choices(["2.0b", "3.1"]).default("2.0b"))
    .option("--admin-port <port>", "port of the admin interface, on loopback only; a free one by default", portNumber)
    .option("--poll-frequency <duration>", "how often VENs are told to poll (ISO 8601)", "PT10S")
    .option("--vtn-id <id>", "the vtnID of this VTN")
    .option("--clients <file>", "3.1: who may come, as JSON; by default one is made with random secrets")
    .option("--mqtt-port <port>", "3.1: port of a broker for notifications by MQTT; 0 takes a free one", portNumber)
    .option(
      "--callbacks-into-own-network",
      "3.1: let every client have webhooks sent to this machine and into its networks; for trying out only",
    )
    .action((flags: VtnFlags) =>
      withClearErrors(() =>
        flags.profile === "3.1" ? runVtn3Command(flags, surroundings) : runVtnCommand(flags, surroundings),
      ),
    );
}

async function runVtnCommand(flags: VtnFlags, { write, untilEnd }: Surroundings): Promise<void> {
  const report = createReporter(write, flags.json);
  const tls = readTlsFlags(flags);
  const running = await runVtn(
    {
      port: flags.port,
      host: flags.host,
      isSigning: flags.sign,
      pollFrequency: flags.pollFrequency,
      dataFolder: stateFolder(flags.data, `vtn-${flags.port}`),
      ...(tls === undefined ? {} : { tls }),
      ...(flags.adminPort === undefined ? {} : { adminPort: flags.adminPort }),
      ...(flags.vtnId === undefined ? {} : { vtnId: flags.vtnId }),
    },
    {
      onNotification: (notification) => tell(report, notification),
      onFault: (error) => report({ kind: "fault", message: String(error) }, `fault: ${String(error)}`),
      onPushFailure: (venId, { code, message }) =>
        report({ kind: "push-failed", venId, code, message }, `${venId} could not be pushed to: ${message}`),
    },
  );
  const { url, adminUrl } = running;
  writeAdminUrl(flags.data, "2.0b", adminUrl);
  report({ kind: "listening", url, adminUrl }, `VTN (2.0b) at ${url}\nadmin interface at ${adminUrl}`);
  await untilEnd();
  await running.stop();
}

function tell(report: Reporter, notification: VtnNotification): void {
  report({ ...notification }, textOf(notification));
}

function textOf(notification: VtnNotification): string {
  switch (notification.kind) {
    case "registered":
      return `${notification.venId} has registered`;
    case "registration-cancelled":
      return `${notification.venId} is no longer registered`;
    case "event-answered":
      return `${notification.venId} answered ${notification.eventId}: ${notification.answer.optType}`;
    case "report-received":
      return `${notification.venId} sent ${notification.report.reportName ?? "a report"}`;
    case "opt-changed":
      return `${notification.venId} changed its availability ${notification.optId}`;
  }
}
