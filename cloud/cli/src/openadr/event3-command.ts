import { readFileSync } from "node:fs";
import { wallClock } from "@gridpact/host";
import {
  cancelEvent3,
  change3FromFlags,
  createEvent3,
  type Event3,
  event3FromFlags,
  modifyEvent3,
  Oadr3Client,
  signalsOf,
} from "@gridpact/openadr";
import { CliError } from "../cli-error.ts";
import { readSecret } from "./clients-file.ts";
import { type AdminFlags, type ChangeFlags, type CreateFlags, readSignals } from "./event-flags.ts";
import { adminUrlOf } from "./state-folder.ts";

/** The operator of a 3.1 VTN is a client like others, of role `bl`: each command fetches a token and asks once. */

export function create3(flags: CreateFlags): Promise<Event3> {
  const { ven, start, duration, priority, program, marketContext } = flags;
  refuseTypes(flags);
  if (marketContext !== undefined) throw new CliError("INPUT", "--market-context is of 2.0b; 3.1 has --program");
  const signals = readSignals(flags);
  if (signals.length === 0) throw new CliError("INPUT", "an event needs --signal and --level");
  const terms = event3FromFlags({ signals, start, duration, ...(priority === undefined ? {} : { priority }) });
  const input = { vens: ven, terms, ...(program === undefined ? {} : { programName: program }) };
  return asOperator(flags, (operator) => createEvent3(operator, input));
}

export function modify3(id: string, flags: ChangeFlags): Promise<Event3> {
  refuseTypes(flags);
  const { signal, level, start, duration, priority } = flags;
  if (signal !== undefined && level === undefined) throw new CliError("INPUT", "--signal needs --level");
  const named = { start, duration, priority };
  const stated = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
  if (level === undefined && Object.keys(stated).length === 0) {
    throw new CliError("INPUT", "nothing to change was named");
  }
  return asOperator(flags, (operator) =>
    modifyEvent3(operator, id, (current) => {
      // A level alone is a new level of the signal that the event has.
      const signals = level === undefined ? [] : readSignals({ signal: signal ?? signalsOf(current), level });
      return change3FromFlags(current, { signals, ...stated });
    }),
  );
}

export function cancel3(id: string, flags: AdminFlags): Promise<Event3> {
  return asOperator(flags, (operator) => cancelEvent3(operator, id));
}

async function asOperator<T>(flags: AdminFlags, work: (operator: Oadr3Client) => Promise<T>): Promise<T> {
  const { clientId, clientSecretFile, tlsCa, data } = flags;
  const operator = new Oadr3Client({
    url: adminUrlOf(flags, "3.1").replace(/\/$/, ""),
    clientId,
    clientSecret: readSecret(clientId, clientSecretFile, data),
    clock: wallClock(),
    ...(tlsCa === undefined ? {} : { caPem: readFileSync(tlsCa, "utf8") }),
  });
  try {
    return await work(operator);
  } finally {
    await operator.close();
  }
}

function refuseTypes({ type }: ChangeFlags): void {
  if (type !== undefined) throw new CliError("INPUT", "--type is of 2.0b: in 3.1 the signal says what its values are");
}
