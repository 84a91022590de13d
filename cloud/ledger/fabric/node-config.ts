import type { FabricPaths, TlsPaths } from "./paths.ts";
import { LOOPBACK_HOST, type OrdererNode, type PeerNode } from "./topology.ts";

/** What a network is run with; see the options of `gridpact fabric up`. */
export type NodeConfigOptions = {
  /**
   * How far a proposal's time may be from the peer's clock, such as `15m`. A system whose clock is accelerated needs
   * more; the contracts do not take the client's time for more than a claim either way.
   */
  proposalTimeWindow: string;
  /** Directory of the builder for chaincode that runs as a service of its own. */
  builderDirectory: string;
};

/** Fabric's default: clocks of honest machines agree better than that. */
export const PROPOSAL_TIME_WINDOW_DEFAULT = "15m";

const SOFTWARE_KEYS = { Default: "SW", SW: { Hash: "SHA2", Security: 256 } };

/** `orderer.yaml` of one consenter. */
export function buildOrdererConfig({ name, mspId, host, ports }: OrdererNode, paths: FabricPaths): object {
  const tls = paths.nodeTls(name);
  const address = listenAddressFor(host);
  const server = {
    Enabled: true,
    PrivateKey: tls.privateKey,
    Certificate: tls.certificate,
    RootCAs: [tls.authorities],
  };
  return {
    General: {
      ListenAddress: address,
      ListenPort: ports.client,
      TLS: { ...server, ClientAuthRequired: false },
      Keepalive: { ServerMinInterval: "60s", ServerInterval: "7200s", ServerTimeout: "20s" },
      // A listener of its own for consensus, with TLS in both directions and the certificates of the channel.
      Cluster: {
        ListenAddress: address,
        ListenPort: ports.cluster,
        ServerCertificate: tls.certificate,
        ServerPrivateKey: tls.privateKey,
        ClientCertificate: tls.certificate,
        ClientPrivateKey: tls.privateKey,
        RootCAs: [tls.authorities],
        SendBufferSize: 100,
        DialTimeout: "5s",
        RPCTimeout: "7s",
        ReplicationBufferSize: 20_971_520,
        ReplicationPullTimeout: "5s",
        ReplicationRetryTimeout: "5s",
        ReplicationPolicy: "consensus",
      },
      // A consenter that was down is to be reached again within seconds, not Fabric's two minutes.
      Backoff: { BaseDelay: "1s", Multiplier: 1.6, MaxDelay: "5s" },
      BootstrapMethod: "none",
      LocalMSPDir: paths.nodeMsp(name),
      LocalMSPID: mspId,
      BCCSP: SOFTWARE_KEYS,
      Authentication: { TimeWindow: PROPOSAL_TIME_WINDOW_DEFAULT },
    },
    FileLedger: { Location: paths.nodeData(name) },
    Consensus: { WALDir: `${paths.nodeData(name)}/consensus/wal`, SnapDir: `${paths.nodeData(name)}/consensus/snap` },
    ChannelParticipation: { Enabled: true, MaxRequestBodySize: "1 MB" },
    Admin: {
      ListenAddress: `${address}:${ports.admin}`,
      // Whoever may make an orderer join a channel shows a certificate.
      TLS: { ...server, ClientAuthRequired: true, ClientRootCAs: [tls.authorities] },
    },
    Operations: { ListenAddress: `${address}:${ports.operations}`, TLS: { Enabled: false } },
    Metrics: { Provider: "prometheus" },
  };
}

/** `core.yaml` of one peer. */
export function buildPeerConfig(node: PeerNode, paths: FabricPaths, options: NodeConfigOptions): object {
  const { name, ports } = node;
  return {
    peer: peerSection(node, paths, options),
    vm: { endpoint: "" },
    chaincode: {
      // Contracts check signatures of hundreds of settlements in one call.
      executetimeout: "60s",
      startuptimeout: "60s",
      installTimeout: "60s",
      mode: "net",
      keepalive: 0,
      system: { _lifecycle: "enable", cscc: "enable", lscc: "enable", qscc: "enable" },
      // Writes and reads of a batch cross to the peer together where the chaincode's library can do it.
      runtimeParams: {
        useWriteBatch: true,
        maxSizeWriteBatch: 1_000,
        useGetMultipleKeys: true,
        maxSizeGetMultipleKeys: 1_000,
      },
      logging: { level: "warning", shim: "warning" },
      externalBuilders: [{ name: "gridpact_ccaas", path: options.builderDirectory }],
    },
    ledger: {
      state: { stateDatabase: "goleveldb", totalQueryLimit: 100_000 },
      history: { enableHistoryDatabase: true },
      pvtdataStore: {
        collElgProcMaxDbBatchSize: 5_000,
        collElgProcDbBatchesInterval: 1_000,
        deprioritizedDataReconcilerInterval: "60m",
        purgeInterval: 100,
        purgedKeyAuditLogging: true,
      },
      snapshots: { rootDir: `${paths.nodeData(name)}/snapshots` },
    },
    operations: { listenAddress: `${listenAddressFor(node.host)}:${ports.operations}`, tls: { enabled: false } },
    metrics: { provider: "prometheus" },
  };
}

function peerSection(node: PeerNode, paths: FabricPaths, options: NodeConfigOptions): object {
  const { name, mspId, host, ports } = node;
  const address = `${host}:${ports.gateway}`;
  const tls = paths.nodeTls(name);
  return {
    id: name,
    networkId: "gridpact",
    address,
    listenAddress: `${listenAddressFor(host)}:${ports.gateway}`,
    // Contracts run as servers, so nothing connects here; it listens all the same.
    chaincodeListenAddress: `127.0.0.1:${ports.chaincodeListen}`,
    chaincodeAddress: `127.0.0.1:${ports.chaincodeListen}`,
    localMspId: mspId,
    localMspType: "bccsp",
    mspConfigPath: paths.nodeMsp(name),
    fileSystemPath: paths.nodeData(name),
    BCCSP: SOFTWARE_KEYS,
    tls: peerTls(tls),
    keepalive: {
      interval: "7200s",
      timeout: "20s",
      minInterval: "60s",
      client: { interval: "60s", timeout: "20s" },
      deliveryClient: { interval: "60s", timeout: "20s" },
    },
    gossip: gossipSection(address),
    deliveryclient: {
      blockGossipEnabled: false,
      reconnectTotalTimeThreshold: "3600s",
      connTimeout: "3s",
      // An orderer that is gone is replaced at once, and a network that comes back is noticed within seconds.
      reConnectBackoffThreshold: "5s",
      minimalReconnectInterval: "100ms",
      // Headers come from all orderers; a source that holds back blocks for so long is left.
      blockCensorshipTimeoutKey: "10s",
      policy: "cluster",
    },
    authentication: { timewindow: options.proposalTimeWindow },
    discovery: { enabled: true, authCacheEnabled: true, authCacheMaxSize: 1_000, authCachePurgeRetentionRatio: 0.75 },
    gateway: { enabled: true, endorsementTimeout: "60s", broadcastTimeout: "30s", dialTimeout: "30s" },
    limits: { concurrency: { endorserService: 2_500, deliverService: 2_500, gatewayService: 500 } },
    handlers: {
      authFilters: [{ name: "DefaultAuth" }, { name: "ExpirationCheck" }, { name: "TimeWindowCheck" }],
      decorators: [{ name: "DefaultDecorator" }],
      endorsers: { escc: { name: "DefaultEndorsement" } },
      validators: { vscc: { name: "DefaultValidation" } },
    },
    profile: { enabled: false },
  };
}

function peerTls({ authorities, certificate, privateKey }: TlsPaths): object {
  return {
    enabled: true,
    clientAuthRequired: false,
    cert: { file: certificate },
    key: { file: privateKey },
    rootcert: { file: authorities },
    clientCert: { file: certificate },
    clientKey: { file: privateKey },
    clientRootCAs: { files: [authorities] },
  };
}

/** Every organisation has one peer, which asks the orderers itself; gossip is left for private data and discovery. */
function gossipSection(address: string): object {
  return {
    bootstrap: address,
    endpoint: address,
    externalEndpoint: address,
    useLeaderElection: false,
    orgLeader: true,
    membershipTrackerInterval: "5s",
    maxBlockCountToStore: 10,
    maxPropagationBurstLatency: "10ms",
    maxPropagationBurstSize: 10,
    propagateIterations: 1,
    propagatePeerNum: 3,
    pullInterval: "4s",
    pullPeerNum: 3,
    requestStateInfoInterval: "4s",
    publishStateInfoInterval: "4s",
    publishCertPeriod: "10s",
    dialTimeout: "3s",
    connTimeout: "2s",
    recvBuffSize: 20,
    sendBuffSize: 200,
    digestWaitTime: "1s",
    requestWaitTime: "1500ms",
    responseWaitTime: "2s",
    aliveTimeInterval: "5s",
    aliveExpirationTimeout: "25s",
    reconnectInterval: "5s",
    maxConnectionAttempts: 120,
    msgExpirationFactor: 20,
    election: {
      startupGracePeriod: "15s",
      membershipSampleInterval: "1s",
      leaderAliveThreshold: "10s",
      leaderElectionDuration: "5s",
    },
    pvtData: {
      pullRetryThreshold: "5s",
      transientstoreMaxBlockRetention: 20_000,
      pushAckTimeout: "3s",
      btlPullMargin: 10,
      reconcileBatchSize: 10,
      reconcileSleepInterval: "1m",
      reconciliationEnabled: true,
      skipPullingInvalidTransactionsDuringCommit: false,
      implicitCollectionDisseminationPolicy: { requiredPeerCount: 0, maxPeerCount: 1 },
    },
    state: {
      enabled: true,
      checkInterval: "10s",
      responseTimeout: "3s",
      batchSize: 10,
      blockBufferSize: 20,
      maxRetries: 3,
    },
  };
}

/** On this machine, loopback only; in a container, its own network. */
export function listenAddressFor(host: string): string {
  return host === LOOPBACK_HOST ? host : "0.0.0.0";
}
