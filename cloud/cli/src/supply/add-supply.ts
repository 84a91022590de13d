import { systemRandom } from "@gridpact/host";
import { writeUnitJson } from "@gridpact/settlement";
import { type Command, InvalidArgumentError } from "commander";
import { wholeNumber } from "../flag-values.ts";
import { AUDITOR, asUserError, membersOf } from "../parts/members.ts";
import { agreeSupply } from "./agree-supply.ts";
import { readAgreementFile } from "./agreement-file.ts";
import { checkOpening } from "./channel-supply.ts";
import { describeAgreed, describeAgreement, describeSigned, describeVerdict } from "./describe-supply.ts";
import { showSupply } from "./show-supply.ts";
import { deviceKeysOf, type SupplyWishes, signSupply } from "./sign-supply.ts";

type Write = (text: string) => void;
type Flags = { data: string; json: boolean };
type AskFlags = Flags & { revision?: number; as?: string };
type SignFlags = Flags & {
  importMicroPerWh: bigint;
  exportMicroPerWh: bigint;
  nominatedWh: bigint;
  contact: string;
  revision?: number;
  out: string;
};

/** Adds `gridpact supply …`: what a virtual node and a prosumer agree on in private. */
export function addSupply(program: Command, write: Write, dataDefault: string): void {
  const supply = program
    .command("supply")
    .description("private agreements of virtual node and prosumer on the running ledger: sign, agree, show, check");
  const on = (name: string, description: string) =>
    supply
      .command(name)
      .description(description)
      .option("--data <directory>", "data directory of a run", dataDefault)
      .option("--json", "print JSON", false);
  addSign(on("sign", "make an agreement for a prosumer and have its device sign it; nothing is sent"), write);
  addAgree(on("agree", "put a signed agreement down for its virtual node; the channel gets its hash alone"), write);
  addShow(on("show", "the agreements of a device, to its node and to the auditor"), write);
  addCheck(on("check", "whether an opened agreement is what the channel has the hash of; exit code 1 if not"), write);
}

function addSign(command: Command, write: Write): void {
  command
    .argument("<device>", "whose key is in the data directory")
    .requiredOption("--import-micro-per-wh <amount>", "what the prosumer pays, micro-currency per Wh", amount)
    .requiredOption("--export-micro-per-wh <amount>", "what it is paid for export, micro-currency per Wh", amount)
    .requiredOption("--nominated-wh <energy>", "what it goes without in one market time unit at most", amount)
    .requiredOption("--contact <text>", "how it wants to be reached")
    .option("--revision <number>", "the one after the newest by default", wholeNumber)
    .requiredOption("--out <file>", "a new file, which only its owner can read; keep it, it has the only salt")
    .action(async (deviceId: string, flags: SignFlags) => {
      const { data, json, out: path, importMicroPerWh, exportMicroPerWh, nominatedWh, contact, revision } = flags;
      const wishes: SupplyWishes = {
        tariff: { importMicroPerWh, exportMicroPerWh },
        nominatedWhPerIntervalMax: nominatedWh,
        contact,
        ...(revision !== undefined && { revision }),
      };
      const modules = { connect: membersOf(data), random: systemRandom, keyOf: deviceKeysOf(data) };
      const signed = await signSupply({ deviceId, path, wishes }, modules).catch(asUserError);
      write(textOf(signed, json, describeSigned));
    });
}

function addAgree(command: Command, write: Write): void {
  command.argument("<file>", "what `gridpact supply sign` wrote").action(async (path: string, flags: Flags) => {
    const agreed = await agreeSupply(path, membersOf(flags.data)).catch(asUserError);
    write(textOf(agreed, flags.json, describeAgreed));
  });
}

function addShow(command: Command, write: Write): void {
  command
    .argument("<device>", "id of a device")
    .option("--revision <number>", "one of them; all by default", wholeNumber)
    .option("--as <member>", "whose key asks, such as vn-district or auditor; the device's node by default")
    .action(async (deviceId: string, { data, json, revision, as }: AskFlags) => {
      const options = { deviceId, ...(revision !== undefined && { revision }), ...(as && { as }) };
      const agreements = await showSupply(options, membersOf(data)).catch(asUserError);
      const lines = agreements.length === 0 ? [`${deviceId} has no agreement`] : agreements.flatMap(describeAgreement);
      write(textOf(agreements, json, () => lines));
    });
}

function addCheck(command: Command, write: Write): void {
  command
    .argument("<file>", "the agreement, as a side shows it")
    .option("--as <member>", "whose key asks for hash and device, which everyone may", AUDITOR)
    .action(async (path: string, { data, json, as }: Flags & { as: string }) => {
      const agreement = readAgreementFile(path);
      const ledger = await membersOf(data)(as);
      const verdict = await checkOpening(ledger, agreement).catch(asUserError);
      write(textOf(verdict, json, describeVerdict));
      process.exitCode = verdict.holds ? 0 : 1;
    });
}

function textOf<T>(value: T, json: boolean, describe: (value: T) => string[]): string {
  return json ? `${writeUnitJson(value)}\n` : `${describe(value).join("\n")}\n`;
}

/** Eighteen digits: more than any price or meter has, less than a signed 64-bit number holds. */
function amount(text: string): bigint {
  if (!/^\d{1,18}$/.test(text)) throw new InvalidArgumentError("a whole number is needed");
  return BigInt(text);
}
