import type { TlsFiles } from "@gridpact/openadr";
import type { Command } from "commander";
import { CliError } from "../cli-error.ts";

/** As commander gives them; `readTlsFlags` checks that they go together. */
export interface TlsFlags {
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsCa?: string;
  readonly sign: boolean;
}

/** The flags of every command that speaks 2.0b over the network. */
export function withTlsFlags(command: Command): Command {
  return command
    .option("--tls-cert <file>", "own certificate (PEM); with it, everything goes over mutual TLS")
    .option("--tls-key <file>", "its private key (PEM)")
    .option("--tls-ca <file>", "the authority whose certificates are believed (PEM)")
    .option("--sign", "sign every message with the same certificate, and want signed ones", false);
}

/**
 * The files, all three or none.
 * @throws CliError when some are missing.
 */
export function readTlsFlags({ tlsCert, tlsKey, tlsCa, sign }: TlsFlags): TlsFiles | undefined {
  if (tlsCert === undefined && tlsKey === undefined && tlsCa === undefined) {
    if (sign) throw new CliError("INPUT", "--sign needs --tls-cert, --tls-key and --tls-ca");
    return undefined;
  }
  if (tlsCert === undefined || tlsKey === undefined || tlsCa === undefined) {
    throw new CliError("INPUT", "--tls-cert, --tls-key and --tls-ca go together; one of them is missing");
  }
  return { certificatePath: tlsCert, privateKeyPath: tlsKey, caPath: tlsCa };
}
