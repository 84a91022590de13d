import type { FabricPaths } from "./paths.ts";
import type { FabricTopology, OrdererNode } from "./topology.ts";

/** Profile of `configtx.yaml` from which the channel's first block is made. */
export const CHANNEL_PROFILE = "Gridpact";

/** Organisations whose peers have to endorse before money moves, and before a contract is changed. */
export const ENDORSING_ORGANISATIONS_MIN = 2;

/**
 * Timeouts of SmartBFT. Fabric's own are made for patient networks: a dead leader is noticed after a minute.
 * ```
 * leader dies --5 s no heartbeat--> followers complain --< 1 s--> view change --> next block
 * ```
 */
export const SMART_BFT = {
  /** How long the first transaction of a block waits for others: a tenth of what a settlement may take. */
  RequestBatchMaxInterval: "100ms",
  /** Messages of other consenters that wait; Fabric's default, some hundred KiB. */
  IncomingMessageBufferSize: 200,
  /** Transactions that wait for a block: an outbox holds 1,024, and several of them may come at once. */
  RequestPoolSize: 4_000,
  /** A request that the leader has not proposed is forwarded to it once more, as it may have been lost on the way. */
  RequestForwardTimeout: "2s",
  /** Then the leader is accused: it may be censoring. Above the time of a block on a busy machine. */
  RequestComplainTimeout: "8s",
  /** Fabric's default: what was not ordered by then is forgotten, and the outbox submits it again. */
  RequestAutoRemoveTimeout: "3m0s",
  ViewChangeResendInterval: "1s",
  /**
   * A view change whose next leader is slow, as one that has just been restarted, fails after this; the second after
   * twice that [SmartBFT internal/bft/viewchanger.go, backOffFactor]. So with the heartbeat's 5 s two failures end
   * after 14 s. With twice the time it was 23.
   */
  ViewChangeTimeout: "3s",
  /**
   * A leader silent for so long is deposed. Half the 15 s in which the next block has to come, less the view change;
   * shorter, and a pause of the garbage collector on a loaded machine would depose honest ones.
   */
  LeaderHeartbeatTimeout: "5s",
  /** Heartbeats within that timeout: nine may be lost. */
  LeaderHeartbeatCount: 10,
  CollectTimeout: "1s",
} as const;

/**
 * Bytes in a block: the contracts bound a transaction's argument to some MiB and the outbox a transaction to 8 MiB.
 * SmartBFT batches by count and by the absolute bound alone.
 */
export const BATCH_SIZE = { MaxMessageCount: 500, AbsoluteMaxBytes: "10 MB", PreferredMaxBytes: "2 MB" } as const;

/** What `configtxgen` reads; written as JSON, which is YAML too. */
export function buildConfigtx(topology: FabricTopology, paths: FabricPaths): object {
  const mspIds = [...new Set(topology.orderers.map(({ mspId }) => mspId))];
  const organisations = mspIds.map((mspId) => organisation(mspId, topology, paths));
  return {
    Profiles: {
      [CHANNEL_PROFILE]: {
        Policies: channelPolicies(),
        Capabilities: { V3_0: true },
        Orderer: orderer(topology, paths, organisations),
        Application: {
          Organizations: organisations,
          Policies: { ...channelPolicies(), ...endorsementPolicies(mspIds) },
          Capabilities: { V2_5: true },
        },
      },
    },
  };
}

function organisation(mspId: string, { orderers, peers }: FabricTopology, paths: FabricPaths): object {
  const anyOf = (...kinds: string[]) => signature(`OR(${kinds.map((kind) => `'${mspId}.${kind}'`).join(", ")})`);
  return {
    Name: mspId,
    ID: mspId,
    MSPDir: paths.organisationMsp(mspId),
    Policies: {
      Readers: anyOf("admin", "peer", "orderer", "client"),
      Writers: anyOf("admin", "orderer", "client"),
      Admins: anyOf("admin"),
      Endorsement: anyOf("peer"),
    },
    OrdererEndpoints: orderers
      .filter((node) => node.mspId === mspId)
      .map(({ host, ports }) => `${host}:${ports.client}`),
    // In the first block: peers of different organisations find each other by them, and the gateway its endorsers.
    AnchorPeers: peers
      .filter((node) => node.mspId === mspId)
      .map(({ host, ports }) => ({ Host: host, Port: ports.gateway })),
  };
}

function orderer({ orderers }: FabricTopology, paths: FabricPaths, organisations: object[]): object {
  return {
    OrdererType: "BFT",
    // Of no effect with SmartBFT, whose interval is its own.
    BatchTimeout: SMART_BFT.RequestBatchMaxInterval,
    BatchSize: BATCH_SIZE,
    SmartBFT: SMART_BFT,
    ConsenterMapping: orderers.map((node, index) => consenter(node, index + 1, paths)),
    Organizations: organisations,
    Policies: {
      ...channelPolicies(),
      // configtxgen puts a quorum of the consenters' own identities in its place: no organisation makes a block alone.
      BlockValidation: meta("ANY Writers"),
    },
    Capabilities: { V2_0: true },
  };
}

function consenter({ name, mspId, host, ports }: OrdererNode, id: number, paths: FabricPaths): object {
  const tls = paths.nodeTls(name);
  return {
    ID: id,
    Host: host,
    Port: ports.cluster,
    MSPID: mspId,
    Identity: `${paths.nodeMsp(name)}/signcerts/certificate.pem`,
    ClientTLSCert: tls.certificate,
    ServerTLSCert: tls.certificate,
  };
}

function channelPolicies() {
  return { Readers: meta("ANY Readers"), Writers: meta("ANY Writers"), Admins: meta("MAJORITY Admins") };
}

/**
 * Peers of two organisations, whichever: also for the life cycle, where Fabric's MAJORITY of four would ask for a third
 * organisation with a peer.
 */
function endorsementPolicies(mspIds: readonly string[]) {
  const rule = endorsementRule(mspIds);
  return { Endorsement: signature(rule), LifecycleEndorsement: signature(rule) };
}

/** As the policy language of Fabric has it. */
export function endorsementRule(mspIds: readonly string[]): string {
  return `OutOf(${ENDORSING_ORGANISATIONS_MIN}, ${mspIds.map((mspId) => `'${mspId}.peer'`).join(", ")})`;
}

function signature(rule: string) {
  return { Type: "Signature", Rule: rule };
}

function meta(rule: string) {
  return { Type: "ImplicitMeta", Rule: rule };
}
