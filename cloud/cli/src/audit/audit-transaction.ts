import {
  ACCESS,
  type AccessRow,
  ROLE_MSP_IDS,
  type Role,
  type TransactionName,
  type Transfer,
} from "@gridpact/contracts";
import { canonicalJson } from "@gridpact/settlement";
import { AuditRuleError } from "./audit-rule.ts";
import { balanceChange, type Effects, entriesOf, type RuleInput } from "./effects.ts";
import * as registry from "./registry-rules.ts";
import * as sc1 from "./sc1-rules.ts";
import * as sc2 from "./sc2-rules.ts";

/** The rule of every transaction that may write. */
const RULES: Readonly<Partial<Record<TransactionName, (input: RuleInput) => Effects>>> = {
  "registry:RegisterVirtualNode": registry.registerVirtualNode,
  "registry:EnrolDevice": registry.enrolDevice,
  "registry:RevokeDevice": registry.revokeDevice,
  "anchors:CommitAnchor": registry.commitAnchor,
  "accounts:Mint": registry.mint,
  "accounts:Consolidate": registry.consolidate,
  "sc1:SetupDR": sc1.setUpSc1,
  "sc1:AcceptReduction": sc1.acceptSc1,
  "sc1:RefuseReduction": sc1.refuseSc1,
  "sc1:SettleDR": sc1.settleSc1,
  "sc1:DRCompletion": sc1.completeSc1,
  "sc2:SetupDR": sc2.setUpSc2,
  "sc2:SetupDRBatch": sc2.setUpSc2Batch,
  "sc2:AcceptReduction": sc2.acceptSc2,
  "sc2:SettleDR": sc2.settleSc2,
  "sc2:SettleDRBatch": sc2.settleSc2Batch,
};

/** Only says when which key was registered, in words of the client; no money follows from it. */
const UNCHECKED_COLLECTION = "device-revision/";

/** One difference between what a transaction wrote and what follows. */
export type Difference = { about: string; expected: string; found: string };

/** Everything about one transaction that differs from what its argument and the state before it lead to. */
export function auditTransaction(input: RuleInput): Difference[] {
  try {
    return [...accessDifferences(input), ...writeDifferences(input, effectsOf(input))];
  } catch (error) {
    // A rule that cannot be applied at all: evidence that does not verify, terms that the settlement refuses.
    if (!(error instanceof Error)) throw error;
    if (error instanceof AuditRuleError) return [error];
    return [{ about: "the transaction", expected: "to be possible", found: `${error.name}: ${error.message}` }];
  }
}

function effectsOf(input: RuleInput): Effects {
  const rule = RULES[input.transaction.name as TransactionName];
  return rule === undefined ? { documents: new Map(), transfers: [] } : rule(input);
}

/** The organisation of whoever signed the transaction has to be one that may vouch for a role that may call it. */
function accessDifferences({ transaction }: RuleInput): Difference[] {
  const { name, creatorMspId } = transaction;
  const row: AccessRow = ACCESS[name as TransactionName] ?? {};
  const mspIds = Object.keys(row).flatMap((role) => ROLE_MSP_IDS[role as Role]);
  if (mspIds.includes(creatorMspId)) return [];
  return [{ about: "organisation of the creator", expected: [...new Set(mspIds)].join(" or "), found: creatorMspId }];
}

function writeDifferences(input: RuleInput, { documents, transfers }: Effects): Difference[] {
  const expected = new Map([...documents].map(([key, value]) => [key, textOf(value)]));
  const entries = entriesOf(transfers);
  for (const entry of entries) {
    const [key, value] = balanceChange(entry, input);
    expected.set(key, textOf(value));
  }
  const written = new Map<string, string | undefined>();
  const writtenEntries = new Map<string, string | undefined>();
  for (const [key, text] of input.transaction.writes) {
    if (key.startsWith("entry/")) writtenEntries.set(key, text);
    else if (!key.startsWith(UNCHECKED_COLLECTION)) written.set(key, text);
  }
  const expectedEntries = new Map(
    entries.map(({ accountId, transfers: own }) => [entryKey(accountId, writtenEntries), transfersText(own)]),
  );
  return [
    ...differencesBetween(expected, written),
    ...differencesBetween(expectedEntries, mapValues(writtenEntries, writtenTransfers)),
  ];
}

/**
 * The key of an entry holds the claimed time, so it is looked up by its account; one is made up where there is none.
 */
function entryKey(accountId: string, written: ReadonlyMap<string, unknown>): string {
  const prefix = `entry/${accountId}/`;
  return [...written.keys()].find((key) => key.startsWith(prefix)) ?? prefix;
}

function transfersText(transfers: readonly Transfer[]): string {
  return canonicalJson(transfers);
}

function writtenTransfers(text: string | undefined): string | undefined {
  return text === undefined ? undefined : canonicalJson((JSON.parse(text) as { transfers: unknown }).transfers);
}

function differencesBetween(
  expected: ReadonlyMap<string, string | undefined>,
  written: ReadonlyMap<string, string | undefined>,
): Difference[] {
  const keys = new Set([...expected.keys(), ...written.keys()]);
  return [...keys]
    .filter((key) => expected.get(key) !== written.get(key) || expected.has(key) !== written.has(key))
    .map((key) => ({ about: key, expected: wordsFor(expected, key), found: wordsFor(written, key) }));
}

function wordsFor(values: ReadonlyMap<string, string | undefined>, key: string): string {
  return values.has(key) ? (values.get(key) ?? "a deletion") : "no write";
}

function textOf(value: unknown): string | undefined {
  return value === undefined ? undefined : canonicalJson(value);
}

function mapValues<V, W>(map: ReadonlyMap<string, V>, change: (value: V) => W): Map<string, W> {
  return new Map([...map].map(([key, value]) => [key, change(value)]));
}
