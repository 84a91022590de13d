import { type RunVtn3Options, runVtn3 } from "@gridpact/openadr";
import { CliError } from "../cli-error.ts";
import { clientsPath, readClients } from "./clients-file.ts";
import { createReporter } from "./reporter.ts";
import { stateFolder, writeAdminUrl } from "./state-folder.ts";
import type { Surroundings } from "./surroundings.ts";
import type { TlsFlags } from "./tls-flags.ts";

/** The flags of `openadr vtn` that a 3.1 VTN knows. */
export interface Vtn3Flags extends TlsFlags {
  readonly port: number;
  readonly host: string;
  /** Of 2.0b: a 3.1 VTN has no admin interface. */
  readonly adminPort?: number;
  readonly clients?: string;
  /** Of the broker for MQTT notifications; absent: none. */
  readonly mqttPort?: number;
  readonly callbacksIntoOwnNetwork?: boolean;
  readonly data: string;
  readonly json: boolean;
}

/** Clients look for the API below the version that it has. */
const BASE_PATH = "/openadr3/3.1.0";

/** Runs a 3.1 VTN until it is ended. Its operator is a client like others, so there is no admin interface. */
export async function runVtn3Command(flags: Vtn3Flags, { write, untilEnd }: Surroundings): Promise<void> {
  const report = createReporter(write, flags.json);
  const tls = readTls(flags);
  const running = await runVtn3(
    {
      port: flags.port,
      host: flags.host,
      basePath: BASE_PATH,
      clients: readClients(flags.clients, flags.data),
      dataFolder: stateFolder(flags.data, `vtn3-${flags.port}`),
      areInternalCallbacksAllowed: flags.callbacksIntoOwnNetwork === true,
      ...(flags.mqttPort === undefined ? {} : { broker: { port: flags.mqttPort, host: flags.host } }),
      ...(tls === undefined ? {} : { tls }),
    },
    {
      onFault: (error) => report({ kind: "fault", message: String(error) }, `fault: ${String(error)}`),
      onGivenUp: (to, cause) =>
        report({ kind: "given-up", to, cause: String(cause) }, `not notified: ${String(cause)}`),
    },
  );
  const clients = flags.clients ?? clientsPath(flags.data);
  const { url } = running;
  writeAdminUrl(flags.data, "3.1", url);
  if (flags.adminPort !== undefined) {
    const message = "--admin-port is of 2.0b; the operator of a 3.1 VTN is a client of role bl";
    report({ kind: "not-opened", message }, message);
  }
  report({ kind: "listening", url, clients }, `VTN (3.1) at ${url}\nclients and their secrets in ${clients}`);
  await untilEnd();
  await running.stop();
}

/** Clients of 3.1 prove themselves by tokens, so the VTN needs no authority for them, and nothing is signed. */
function readTls({ tlsCert, tlsKey, sign }: TlsFlags): RunVtn3Options["tls"] {
  if (sign) throw new CliError("INPUT", "--sign is of 2.0b: nothing is signed in 3.1");
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined)
    throw new CliError("INPUT", "--tls-cert and --tls-key go together");
  return { certificatePath: tlsCert, privateKeyPath: tlsKey };
}
