import { CliError } from "../cli-error.ts";
import { trustPath } from "../consortium/consortium-files.ts";
import { awaitLedger } from "../fabric/fabric-ledger.ts";
import type { Connect } from "../parts/members.ts";
import { connectAs, type LedgerAddress } from "../parts/part.ts";
import { clockOf } from "../process/clock-file.ts";
import { type DataDirectory, existingDataDirectory } from "../process/data-directory.ts";
import { readRunFile } from "../process/run-file.ts";
import { readTrustFile } from "../verify/trust-file.ts";
import { deviceIdentity } from "./device-identity.ts";

/** What a prosumer has: its device's folder, the consortium's public certificates, and where a gateway is. */
export type ProsumerFlags = {
  data: string;
  /** Whose certificates are believed; that of the data directory when left out. */
  trust?: string;
  /** The gateway; that of the ledger that runs on the data directory when left out. */
  ledger?: LedgerAddress;
};

/** Signs as devices whose keys are in a data directory. No key of any member of the consortium is needed, or read. */
export function devicesOf({ data: path, trust, ledger }: ProsumerFlags): Connect {
  const data = existingDataDirectory(path);
  const { organisations } = readTrustFile(trust ?? trustPath(data));
  const authorityPems = organisations.map(({ authorityPem }) => authorityPem);
  return async (deviceId) => {
    const identity = await deviceIdentity(deviceId, data);
    const address = ledger ?? (await runningLedger(data, identity.mspId));
    return connectAs(identity, { address, authorityPems, clock: clockOf(data) });
  };
}

async function runningLedger(data: DataDirectory, mspId: string): Promise<LedgerAddress> {
  if (readRunFile(data, "ledger") === undefined) {
    throw new CliError("INPUT", `no ledger runs on ${data.root}; name a gateway with --ledger host:port`);
  }
  const { host, ports, isNetwork } = await awaitLedger(data, mspId);
  return { host, port: ports["gateway"] ?? 0, isNetwork };
}
