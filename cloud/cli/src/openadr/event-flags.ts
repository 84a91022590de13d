import type { SignalFlags } from "@gridpact/openadr";
import { CliError } from "../cli-error.ts";
import type { Profile } from "./state-folder.ts";

/** Flags of every `openadr event` command: which VTN, and as whom. */
export interface AdminFlags {
  readonly profile: Profile;
  readonly admin?: string;
  readonly clientId: string;
  readonly clientSecretFile?: string;
  readonly tlsCa?: string;
  readonly data: string;
  readonly json: boolean;
}

/** What an event can be changed in. */
export interface ChangeFlags extends AdminFlags {
  readonly signal?: readonly string[];
  /** For each signal its values: one, or one for each of as many equal steps. */
  readonly level?: readonly (readonly number[])[];
  readonly type?: readonly string[];
  readonly start?: string;
  readonly duration?: string;
  readonly priority?: number;
}

/** What a new event needs. */
export interface CreateFlags extends ChangeFlags {
  readonly ven: readonly string[];
  readonly start: string;
  readonly duration: string;
  readonly marketContext?: string;
  readonly program?: string;
}

/**
 * Pairs names with levels by their order.
 * @throws CliError when there are more of one than of the other.
 */
export function readSignals({
  signal = [],
  level = [],
  type = [],
}: Pick<ChangeFlags, "signal" | "level" | "type">): SignalFlags[] {
  if (signal.length !== level.length) throw new CliError("INPUT", "each --signal needs one --level");
  if (type.length > 0 && type.length !== signal.length) throw new CliError("INPUT", "each --signal needs one --type");
  return signal.map((name, at) => {
    const named = { signal: name, level: level[at] ?? [] };
    return type[at] === undefined ? named : { ...named, type: type[at] };
  });
}
