/** What registrations, anchors and plain account acts have to write. */
import type { Anchor, Device } from "@gridpact/contracts";
import { ZERO_HASH } from "@gridpact/proto";
import { AuditRuleError, demandSame } from "./audit-rule.ts";
import { argumentOf, type Effects, effects, ISSUER, type RuleInput } from "./effects.ts";

export function registerVirtualNode(input: RuleInput): Effects {
  const node = argumentOf<{ vnId: string }>(input);
  return effects([[`virtual-node/${node.vnId}`, node]]);
}

export function enrolDevice(input: RuleInput): Effects {
  type Enrolment = Omit<Device, "state" | "revision"> & { enrolmentRequestHex: string };
  const { enrolmentRequestHex: _, ...enrolled } = argumentOf<Enrolment>(input);
  const { deviceId, publicKeyHex } = enrolled;
  return effects([
    [`device/${deviceId}`, { ...enrolled, state: "active", revision: 0 }],
    [`device-key/${publicKeyHex}`, { deviceId }],
  ]);
}

export function revokeDevice(input: RuleInput): Effects {
  const { deviceId } = argumentOf<{ deviceId: string }>(input);
  const device = input.state.device(deviceId);
  return effects([[`device/${deviceId}`, { ...device, state: "revoked", revision: device.revision + 1 }]]);
}

/** Batches follow each other without gap, each naming the root before it: a log can be neither forked nor rewritten. */
export function commitAnchor(input: RuleInput): Effects {
  const commitment = argumentOf<Omit<Anchor, "leavesTotal">>(input);
  const { vnId, batchNo, prevRootHex, size } = commitment;
  const head = input.state.json<Anchor>(`anchor-head/${vnId}`);
  demandSame(`anchor-head/${vnId}: batchNo`, `${(head?.batchNo ?? -1) + 1}`, `${batchNo}`);
  const lastRootHex = head?.rootHex ?? Buffer.from(ZERO_HASH).toString("hex");
  demandSame(`anchor-head/${vnId}: prevRootHex`, lastRootHex, prevRootHex);
  const anchor = { ...commitment, leavesTotal: (head?.leavesTotal ?? 0) + size };
  return effects([
    [`anchor/${vnId}/${batchNo}`, anchor],
    [`anchor-head/${vnId}`, anchor],
  ]);
}

export function mint(input: RuleInput): Effects {
  const { accountId, amountMicro } = argumentOf<{ accountId: string; amountMicro: string }>(input);
  const before = BigInt(input.state.json<{ mintedMicro: string }>("supply")?.mintedMicro ?? "0");
  return effects(
    [["supply", { mintedMicro: before + BigInt(amountMicro) }]],
    [{ kind: "mint", fromId: ISSUER, toId: accountId, amountMicro: BigInt(amountMicro), contractId: null }],
  );
}

/** Folds credits into the balance; nothing moves between accounts. */
export function consolidate(input: RuleInput): Effects {
  const { accountId, transactionIds } = argumentOf<{ accountId: string; transactionIds: string[] }>(input);
  let spendableMicro = input.state.spendableMicro(accountId);
  const documents: [string, unknown][] = [];
  for (const transactionId of new Set(transactionIds)) {
    const amountMicro = input.state.creditMicro(accountId, transactionId);
    const key = `credit/${accountId}/${transactionId}`;
    if (amountMicro === undefined) throw new AuditRuleError(key, "a pending credit", "nothing");
    spendableMicro += amountMicro;
    documents.push([key, undefined]);
  }
  return effects([...documents, [`account/${accountId}`, { accountId, spendableMicro }]]);
}
