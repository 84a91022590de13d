import { type Clock, type Random, SEED_BYTES, type SigningKey, signingKeyFromSeed } from "@gridpact/host";
import { type Authority, issueAuthority, issueCertificate, MSP_IDS, type MspId, type Validity } from "@gridpact/ledger";

/** A certified key of one member of the consortium. */
export type Identity = { mspId: MspId; certificatePem: string; key: SigningKey };

/** The organisational unit of a certificate, by which peers and orderers are told from clients. */
export type NodeKind = Parameters<typeof issueCertificate>[0]["kind"];

/** What is wanted of a member: its name is also the name of its files. */
export type MemberRequest = {
  name: string;
  mspId: MspId;
  kind: NodeKind;
  attributes?: Record<string, string>;
  serverNames?: string[];
};

/** Who takes part in the demonstration's consortium, and with what role. */
export function consortiumMembers(vnIds: readonly string[], serverNames: readonly string[]): MemberRequest[] {
  const person = (name: string, mspId: MspId, attributes: Record<string, string>): MemberRequest => ({
    name,
    mspId,
    kind: "client",
    attributes,
  });
  const server = (name: string, mspId: MspId): MemberRequest => ({
    name,
    mspId,
    kind: "client",
    serverNames: [...serverNames],
  });
  const node = (name: string, mspId: MspId, kind: NodeKind): MemberRequest => ({ name, mspId, kind });
  return [
    person("administrator", "AuditorMSP", { role: "administrator" }),
    person("aggregator", "AggregatorMSP", { role: "aggregator" }),
    person("auditor", "AuditorMSP", { role: "auditor" }),
    person("dso", "DsoMSP", { role: "dso" }),
    ...vnIds.map((vnId) => person(`vn-${vnId}`, "VnMSP", { role: "vn", vnId })),
    node("peer-aggregator", "AggregatorMSP", "peer"),
    node("peer-vn", "VnMSP", "peer"),
    node("orderer", "AuditorMSP", "orderer"),
    server("ledger-server", "AuditorMSP"),
    server("aggregator-server", "AggregatorMSP"),
  ];
}

/** All organisations with their authorities, and their members. */
export type Consortium = {
  authorities: ReadonlyMap<MspId, Authority>;
  members: ReadonlyMap<string, Identity>;
};

/**
 * Certificates have to hold by two clocks: the machine's, by which TLS checks them, and the accelerated one of a
 * demonstration, by which the ledger does.
 */
export function validityFor(clocks: readonly Clock[]): Validity {
  const nows = clocks.map((clock) => clock.nowUnixMs());
  return {
    notBeforeUnixMs: Math.min(...nows) - DAY_MS,
    notAfterUnixMs: Math.max(...nows) + VALIDITY_YEARS * 365 * DAY_MS,
  };
}

/** Makes the whole consortium: same random and validity, same bytes. */
export function makeConsortium(
  requests: readonly MemberRequest[],
  modules: { random: Random; clock: Clock; validity: Validity },
): Consortium {
  const { random, validity } = modules;
  const newKey = () => signingKeyFromSeed(random.bytes(SEED_BYTES));
  const authorities = new Map<MspId, Authority>();
  for (const mspId of MSP_IDS) authorities.set(mspId, issueAuthority({ mspId, key: newKey(), validity }, modules));
  const members = new Map<string, Identity>();
  for (const { name, mspId, ...request } of requests) {
    const authority = authorityOf(authorities, mspId);
    const key = newKey();
    const certificatePem = issueCertificate(
      { ...request, authority, commonName: name, publicKey: key.publicKey, validity },
      modules,
    );
    members.set(name, { mspId, certificatePem, key });
  }
  return { authorities, members };
}

/** @throws TypeError when there is none, which is a fault of the program: `makeConsortium` makes all of them */
export function authorityOf(authorities: ReadonlyMap<MspId, Authority>, mspId: MspId): Authority {
  const authority = authorities.get(mspId);
  if (authority === undefined) throw new TypeError(`no authority of ${mspId}`);
  return authority;
}

/** @throws TypeError when there is none; a name that a user gave is looked up before (`membersOf`) */
export function memberOf(consortium: Consortium, name: string): Identity {
  const member = consortium.members.get(name);
  if (member === undefined) throw new TypeError(`no member ${name}`);
  return member;
}

const DAY_MS = 86_400_000;

/** Long enough for a demonstration to be looked at again years later. */
const VALIDITY_YEARS = 20;
