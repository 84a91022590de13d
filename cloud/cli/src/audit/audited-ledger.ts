import { existsSync } from "node:fs";
import { nodeDisk } from "@gridpact/host";
import { type Consortium, type Ledger, type LedgerKind, ProofThread, readStoredBlocks } from "@gridpact/ledger";
import { CliError } from "../cli-error.ts";
import { readConsortium } from "../consortium/consortium-files.ts";
import { connectLedger } from "../parts/part.ts";
import { clockOf } from "../process/clock-file.ts";
import type { DataDirectory } from "../process/data-directory.ts";

/** The blocks of a ledger, oldest first, and what tells whether they hold, which has to be closed. */
export type AuditedLedger = {
  kind: LedgerKind;
  /** For messages about it. */
  where: string;
  blocks: AsyncIterable<Uint8Array>;
  verifier: ProofThread;
};

const LEDGER_DIRECTORY = "ledger";

/** @throws CliError INPUT when a data directory has no embedded ledger */
export function demandStoredLedger(data: DataDirectory): void {
  const where = data.at(LEDGER_DIRECTORY);
  if (!existsSync(where)) throw new CliError("INPUT", `${where}: there is no ledger to audit`);
}

/**
 * The ledger of a data directory: the embedded one as it lies on disk, or the Fabric network, whose peer is asked for
 * its blocks and believed nothing.
 * @throws LedgerError when the network does not answer
 */
export async function openAuditedLedger(
  data: DataDirectory,
  { consortium, isFabric }: { consortium: Consortium; isFabric: boolean },
): Promise<AuditedLedger> {
  if (isFabric) {
    const blocks = fetchedBlocks(await connectAuditor(data));
    const verifier = new ProofThread({ ledgerKind: "fabric", consortium });
    return { kind: "fabric", where: "the network", blocks, verifier };
  }
  const where = data.at(LEDGER_DIRECTORY);
  const blocks = readStoredBlocks({ disk: nodeDisk(where) });
  return { kind: "embedded", where, blocks, verifier: new ProofThread({ ledgerKind: "embedded", consortium }) };
}

/** Every block that the peer has now, asked for one after the other. */
async function* fetchedBlocks(ledger: Ledger): AsyncGenerator<Uint8Array> {
  const { height } = await ledger.chainInfo();
  for (let number = 0; number < height; number++) yield (await ledger.block(number)).bytes;
}

function connectAuditor(data: DataDirectory): Promise<Ledger> {
  const clock = clockOf(data);
  const consortium = readConsortium(data);
  return connectLedger({ data, clock, consortium }, "auditor");
}
