import { type Command, Option } from "commander";
import { asUserError, membersOf } from "../parts/members.ts";
import { type DisputeAct, type DisputeOptions, runDispute } from "./run-dispute.ts";

type Write = (text: string) => void;
type Flags = { data: string; as?: string; json: boolean };

/** Adds `gridpact dispute …`: what an operator or the auditor does about a settlement. */
export function addDispute(program: Command, write: Write, dataDefault: string): void {
  const dispute = program
    .command("dispute")
    .description("disputes about settlements on the running ledger: show, open, hand evidence in, rule, close");
  const on = (name: string, description: string) =>
    dispute
      .command(name)
      .description(description)
      .argument("<contract>", "id of an SC1 (event.node) or an SC2 (event:device)")
      .option("--data <directory>", "data directory of a run", dataDefault)
      .option("--json", "print JSON", false);
  const inNameOf = (command: Command, whom: string) =>
    command.option("--as <member>", `whose key signs, such as vn-district or aggregator; ${whom} by default`);
  const run = (contractId: string, { data, as, json }: Flags, act: DisputeAct) => {
    const options: DisputeOptions = { contractId, json, ...(as && { as }) };
    return runDispute(options, act, { connect: membersOf(data), write }).catch(asUserError);
  };
  on("show", "what a contract was settled to, what evidence says, and until when what may happen").action(
    (contractId: string, flags: Flags) => run(contractId, flags, { kind: "show" }),
  );
  inNameOf(on("open", "contest a settlement; what the contract holds back stays where it is"), "the contract's node")
    .requiredOption("--reason <text>", "why, for the other side and the auditor")
    .action((contractId: string, flags: Flags & { reason: string }) =>
      run(contractId, flags, { kind: "open", reason: flags.reason }),
    );
  inNameOf(on("evidence", "show signed readings (SC2), or have chunks added up anew (SC1)"), "the contract's node")
    .option("--file <file>", "of an SC2: its evidence as JSON, or a receipt that holds it")
    .action((contractId: string, flags: Flags & { file?: string }) =>
      run(contractId, flags, { kind: "evidence", ...(flags.file && { path: flags.file }) }),
    );
  on("rule", "the auditor's decision: as evidence says, or as it was")
    .addOption(new Option("--uphold", "settle as evidence says").conflicts("reject"))
    .addOption(new Option("--reject", "the settlement stands"))
    .action((contractId: string, flags: Flags & { uphold?: boolean; reject?: boolean }, command: Command) => {
      if (flags.uphold === undefined && flags.reject === undefined) command.error("say --uphold or --reject");
      return run(contractId, flags, { kind: "rule", isUpheld: flags.uphold === true });
    });
  on("close", "end a dispute that nobody ruled on in time: evidence decides").action(
    (contractId: string, flags: Flags) => run(contractId, flags, { kind: "close" }),
  );
}
