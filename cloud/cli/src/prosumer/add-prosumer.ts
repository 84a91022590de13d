import { writeUnitJson } from "@gridpact/settlement";
import { type Command, InvalidArgumentError } from "commander";
import { portNumber, positive } from "../flag-values.ts";
import { asUserError } from "../parts/members.ts";
import type { LedgerAddress } from "../parts/part.ts";
import { describeProsumer } from "./describe-prosumer.ts";
import { devicesOf, type ProsumerFlags } from "./devices-of.ts";
import { type OwnDisputeAct, runOwnDispute } from "./own-dispute.ts";
import { prosumerView } from "./prosumer-view.ts";

type Write = (text: string) => void;
type Flags = ProsumerFlags & { json: boolean };

/** Each contract takes some lines, and its window for disputes is over after hours. */
const CONTRACTS_DEFAULT = 10;

/** Adds `gridpact prosumer …`: what a device's owner asks the ledger, and disputes, by the device's certificate. */
export function addProsumer(program: Command, write: Write, dataDefault: string): void {
  const prosumer = program
    .command("prosumer")
    .description("for the owner of a device: own account, agreements, contracts and disputes, by its own certificate");
  addShow(withFlags(prosumer.command("show"), dataDefault), write);
  const dispute = prosumer.command("dispute").description("contest the settlement of one's own contract");
  const on = (name: string, description: string) =>
    withFlags(dispute.command(name), dataDefault)
      .description(description)
      .argument("<contract>", "id of a contract of the device, as `prosumer show` prints it");
  const run = (deviceId: string, contractId: string, { json, ...flags }: Flags, act: OwnDisputeAct) =>
    runOwnDispute({ deviceId, contractId, json }, act, { connect: devicesOf(flags), write }).catch(asUserError);
  on("show", "what the contract was settled to, and until when what may happen").action(
    (deviceId: string, contractId: string, flags: Flags) => run(deviceId, contractId, flags, { kind: "show" }),
  );
  on("open", "contest the settlement; what the contract holds back stays where it is")
    .requiredOption("--reason <text>", "why, for the node and the auditor")
    .action((deviceId: string, contractId: string, { reason, ...flags }: Flags & { reason: string }) =>
      run(deviceId, contractId, flags, { kind: "open", reason }),
    );
  on("evidence", "show signed readings that the settlement was made without")
    .requiredOption("--file <file>", "the evidence as JSON, or a receipt that holds it")
    .action((deviceId: string, contractId: string, { file: path, ...flags }: Flags & { file: string }) =>
      run(deviceId, contractId, flags, { kind: "evidence", path }),
    );
}

function addShow(command: Command, write: Write): void {
  command
    .description("registration, account, private agreements, and the newest contracts with disputes about them")
    .option("--contracts <count>", "so many of the newest", positive, CONTRACTS_DEFAULT)
    .action(async (deviceId: string, { contracts: contractsMax, json, ...flags }: Flags & { contracts: number }) => {
      const view = await prosumerView({ deviceId, contractsMax }, devicesOf(flags)).catch(asUserError);
      write(json ? `${writeUnitJson(view)}\n` : `${describeProsumer(view).join("\n")}\n`);
    });
}

function withFlags(command: Command, dataDefault: string): Command {
  return command
    .argument("<device>", "whose key and certificate are in the data directory, under feids/")
    .option("--data <directory>", "data directory in which the device runs", dataDefault)
    .option("--ledger <host:port>", "a gateway of the ledger; by default the one of the data directory", gateway)
    .option("--trust <file>", "whose certificates are believed; by default the consortium's of the data directory")
    .option("--json", "print JSON", false);
}

/** Whether it is a network's cannot be seen from here, and to take it for one costs only a refusal some seconds. */
function gateway(text: string): LedgerAddress {
  const [, host, port] = /^([^:\s]+):(\d+)$/.exec(text) ?? [];
  if (host === undefined || port === undefined) throw new InvalidArgumentError("host:port is needed");
  return { host, port: portNumber(port), isNetwork: true };
}
