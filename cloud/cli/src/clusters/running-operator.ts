import { CliError } from "../cli-error.ts";
import { OperatorClient } from "../demo/operator-client.ts";
import { existingDataDirectory } from "../process/data-directory.ts";
import { readRunFile } from "../process/run-file.ts";

/** The operator's side of the aggregator that runs on a data directory. @throws CliError INPUT when none runs */
export function operatorOf(dataDirectory: string): OperatorClient {
  const running = readRunFile(existingDataDirectory(dataDirectory), "aggregator");
  if (running === undefined) throw new CliError("INPUT", `no aggregator runs on ${dataDirectory}`);
  return new OperatorClient(running.ports["operator"] ?? 0);
}
