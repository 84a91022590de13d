import { createHash } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Clock, Log } from "@gridpact/host";
import type { Authority, IssuingModules, MspId, Validity } from "../src/identity/index.ts";
import { CHAINCODE_NAME, CHANNEL_NAME } from "../src/index.ts";
import type { Collection } from "../src/protocol/index.ts";
import { type ChaincodeDefinition, FabricAdministration } from "./administration.ts";
import type { FabricBinaries } from "./binaries.ts";
import { packageChaincode } from "./chaincode-package.ts";
import { buildCollectionsConfig } from "./collections-config.ts";
import { buildConfigtx, CHANNEL_PROFILE, endorsementRule } from "./configtx.ts";
import { findsEndorsers } from "./endorsers.ts";
import { FabricError } from "./fabric-error.ts";
import { writeMaterial } from "./material.ts";
import {
  buildOrdererConfig,
  buildPeerConfig,
  type NodeConfigOptions,
  PROPOSAL_TIME_WINDOW_DEFAULT,
} from "./node-config.ts";
import { FabricPaths } from "./paths.ts";
import { awaitReady, isListening, type NodeProcess, pidOf, startNode, stopNode } from "./processes.ts";
import { type FabricTopology, LOOPBACK_HOST, type OrdererNode, type PeerNode } from "./topology.ts";

export type FabricNetworkOptions = {
  /** Directory that is the network's alone. */
  root: string;
  topology: FabricTopology;
  binaries: FabricBinaries;
} & Partial<NodeConfigOptions>;

/** `clock` is the machine's: nodes are processes, and what they do takes real time. */
export type FabricNetworkModules = { clock: Clock; log: Log };

/** Certificates that the nodes get are the authorities' own, so that whoever they certified is a member here too. */
export type FabricMembers = { authorities: ReadonlyMap<MspId, Authority>; validity: Validity };

/**
 * `pid` undefined: it does not run. `height` in blocks; undefined when it does not answer, and of contracts' servers.
 */
export type NodeStatus = { name: string; mspId: MspId; pid: number | undefined; height: number | undefined };

const BUILDER_DIRECTORY = fileURLToPath(new URL("builder", import.meta.url));
const CHAINCODE_SERVER = fileURLToPath(new URL("run-chaincode.ts", import.meta.url));

/**
 * A Fabric network on this machine: four consenters, a peer for each party that endorses, and beside each peer the
 * server that runs the contracts for it. Every step looks at what is there and does what is missing, so all of them may
 * be repeated.
 */
export class FabricNetwork {
  readonly paths: FabricPaths;
  readonly topology: FabricTopology;
  readonly #options: FabricNetworkOptions;
  readonly #modules: FabricNetworkModules;
  readonly #administration: FabricAdministration;

  constructor(options: FabricNetworkOptions, modules: FabricNetworkModules) {
    this.paths = new FabricPaths(options.root);
    this.topology = options.topology;
    this.#options = options;
    this.#modules = modules;
    this.#administration = new FabricAdministration(options.binaries, this.paths);
  }

  /** Issues certificates, writes every configuration and the channel's first block. @throws FabricError */
  async prepare(members: FabricMembers, modules: IssuingModules): Promise<void> {
    const { paths, topology } = this;
    const { proposalTimeWindow = PROPOSAL_TIME_WINDOW_DEFAULT, builderDirectory = BUILDER_DIRECTORY } = this.#options;
    const nodeOptions = { proposalTimeWindow, builderDirectory };
    writeFiles({ paths, topology, ...members }, nodeOptions, modules);
    if (!existsSync(paths.genesisBlock())) {
      await this.#administration.makeGenesisBlock(CHANNEL_PROFILE, CHANNEL_NAME);
    }
  }

  /** Starts every node, unless containers do, and has it join the channel. @throws FabricError */
  async up(): Promise<void> {
    const { orderers, peers } = this.topology;
    for (const orderer of orderers) this.startOrderer(orderer.name);
    for (const peer of peers) this.startPeer(peer.name);
    await this.join();
  }

  /** Has every node join the channel that has not yet; waits until it answers. @throws FabricError */
  async join(): Promise<void> {
    const { orderers, peers } = this.topology;
    for (const orderer of orderers) await this.#joinOrderer(orderer);
    for (const peer of peers) await this.#joinPeer(peer);
  }

  /**
   * Brings the contracts to every peer: package, installation, the server that runs them, each organisation's approval
   * and, when the channel has not agreed on this version yet, the agreement. Resolves when every peer's gateway serves.
   * @throws FabricError
   */
  async deploy(collections: readonly Collection[], version: string): Promise<void> {
    const { peers } = this.topology;
    const [first] = peers;
    if (first === undefined) throw new TypeError("a network without peers");
    const config = buildCollectionsConfig(collections);
    writeJson(this.paths.collectionsConfig(), config);
    const wanted = versionOf(version, config);
    const name = { channelName: CHANNEL_NAME, name: CHAINCODE_NAME };
    const agreed = await this.#administration.committed(first, name);
    for (const peer of peers) await this.#install(peer, wanted);
    if (agreed?.version !== wanted) await this.#agreeOn(wanted, (agreed?.sequence ?? 0) + 1, collections.length > 0);
    // A peer gives a contract's server up at the first call that it does not take.
    for (const { chaincode } of peers) await this.#awaitServer(chaincode);
    for (const peer of peers) await this.#awaitEndorsers(peer);
  }

  #agreeOn(version: string, sequence: number, hasCollections: boolean): Promise<void> {
    return this.#agree({
      channelName: CHANNEL_NAME,
      name: CHAINCODE_NAME,
      version,
      sequence,
      endorsementRule: endorsementRule(this.topology.orderers.map(({ mspId }) => mspId)),
      collectionsFile: hasCollections ? this.paths.collectionsConfig() : undefined,
    });
  }

  /** Ends every node; what they have stored stays. */
  async down(): Promise<void> {
    const { orderers, peers } = this.topology;
    const inOrder = [...peers.map(({ chaincode }) => chaincode.name), ...peers.map(({ name }) => name)];
    for (const name of inOrder) await stopNode(name, this.paths, this.#modules.clock);
    await Promise.all(orderers.map(({ name }) => stopNode(name, this.paths, this.#modules.clock)));
  }

  async status(): Promise<NodeStatus[]> {
    const { orderers, peers } = this.topology;
    const heightOr = (name: string, ask: () => Promise<number | undefined>) =>
      pidOf(name, this.paths) === undefined ? undefined : ask().catch(() => undefined);
    const ofOrderers = orderers.map(async (node) => {
      const height = await heightOr(node.name, () => this.#administration.ordererHeight(node, CHANNEL_NAME));
      return { name: node.name, mspId: node.mspId, pid: pidOf(node.name, this.paths), height };
    });
    const ofPeers = peers.map(async (node) => {
      const height = await heightOr(node.name, () => this.#administration.peerHeight(node, CHANNEL_NAME));
      return { name: node.name, mspId: node.mspId, pid: pidOf(node.name, this.paths), height };
    });
    const ofChaincodes = peers.map(async ({ mspId, chaincode: { name } }) => {
      return { name, mspId, pid: pidOf(name, this.paths), height: undefined };
    });
    return Promise.all([...ofOrderers, ...ofPeers, ...ofChaincodes]);
  }

  startOrderer(name: string): void {
    startNode(
      { name, path: this.#options.binaries.orderer, args: [], environment: this.#environment(name) },
      this.paths,
    );
  }

  startPeer(name: string): void {
    const { peer: path } = this.#options.binaries;
    startNode({ name, path, args: ["node", "start"], environment: this.#environment(name) }, this.paths);
  }

  startChaincode({ name, mspId, chaincode }: PeerNode): void {
    const node: NodeProcess = {
      name: chaincode.name,
      path: process.execPath,
      args: [CHAINCODE_SERVER, this.paths.root, name],
      environment: { CORE_PEER_LOCALMSPID: mspId },
    };
    startNode(node, this.paths);
  }

  #environment(node: string): Record<string, string> {
    return { FABRIC_CFG_PATH: this.paths.nodeConfig(node), FABRIC_LOGGING_SPEC: LOGGING };
  }

  async #joinOrderer(orderer: OrdererNode): Promise<void> {
    await this.#awaitHealthy(orderer, orderer.ports.operations);
    if ((await this.#administration.ordererHeight(orderer, CHANNEL_NAME)) !== undefined) return;
    await this.#administration.joinOrderer(orderer, CHANNEL_NAME);
    this.#modules.log.info("fabric_joined", { node: orderer.name });
  }

  async #joinPeer(peer: PeerNode): Promise<void> {
    await this.#awaitHealthy(peer, peer.ports.operations);
    if (await this.#administration.hasJoined(peer, CHANNEL_NAME)) return;
    await this.#administration.joinPeer(peer);
    this.#modules.log.info("fabric_joined", { node: peer.name });
  }

  #awaitHealthy({ name, host }: { name: string; host: string }, port: number): Promise<void> {
    const probe = async () => {
      if (isLoopback(host) && pidOf(name, this.paths) === undefined) {
        throw new FabricError("FABRIC_NODE_NOT_READY", `${name} ended; its log is ${this.paths.log(name)}`);
      }
      return fetch(`http://${host}:${port}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      );
    };
    return awaitReady(name, probe, { paths: this.paths, clock: this.#modules.clock });
  }

  #awaitServer(server: PeerNode["chaincode"]): Promise<void> {
    return awaitReady(server.name, () => isListening(server), { paths: this.paths, clock: this.#modules.clock });
  }

  #awaitEndorsers(peer: PeerNode): Promise<void> {
    const modules = { paths: this.paths, clock: this.#modules.clock };
    const mspIds = this.topology.peers.map(({ mspId }) => mspId);
    return awaitReady(peer.name, () => findsEndorsers(peer, mspIds, modules), modules);
  }

  async #install(peer: PeerNode, label: string): Promise<void> {
    const { bytes, packageId } = packageChaincode(peer, `${CHAINCODE_NAME}_${label}`, this.paths);
    mkdirSync(dirname(this.paths.chaincodePackage(peer.name)), { recursive: true, mode: 0o700 });
    writeFileSync(this.paths.chaincodePackage(peer.name), bytes, { mode: 0o600 });
    writeFileSync(this.paths.chaincodePackageId(peer.name), packageId);
    if (isLoopback(peer.chaincode.host)) this.startChaincode(peer);
    if (await this.#administration.isInstalled(peer, packageId)) return;
    await this.#administration.install(peer, this.paths.chaincodePackage(peer.name));
  }

  async #agree(definition: ChaincodeDefinition): Promise<void> {
    const { orderers, peers } = this.topology;
    const [via] = orderers;
    if (via === undefined) throw new TypeError("a network without orderers");
    for (const peer of peers) {
      const { packageId } = packageChaincode(peer, `${CHAINCODE_NAME}_${definition.version}`, this.paths);
      await this.#administration.approve(peer, definition, packageId, via);
    }
    await this.#administration.commit(peers, definition, via);
    this.#modules.log.info("fabric_agreed", { version: definition.version, sequence: definition.sequence });
  }
}

/** Elsewhere are containers, which somebody else starts. */
function isLoopback(host: string): boolean {
  return host === LOOPBACK_HOST;
}

/** Warnings, and which leader the consenters follow. */
const LOGGING = "warn:orderer.consensus.smartbft=info";

/** Writes certificates and configuration of every node; needs none of Fabric's programs. */
function writeFiles(
  request: FabricMembers & { paths: FabricPaths; topology: FabricTopology },
  options: NodeConfigOptions,
  modules: IssuingModules,
): void {
  const { paths, topology } = request;
  writeMaterial(request, modules);
  writeJson(join(paths.configtxDirectory(), "configtx.yaml"), buildConfigtx(topology, paths));
  for (const node of topology.orderers) {
    writeJson(join(paths.nodeConfig(node.name), "orderer.yaml"), buildOrdererConfig(node, paths));
  }
  for (const node of topology.peers) {
    const config = buildPeerConfig(node, paths, options);
    writeJson(join(paths.nodeConfig(node.name), "core.yaml"), config);
  }
}

/** Collections are part of what is agreed on, so a change of them is a version of its own. */
function versionOf(version: string, collectionsConfig: readonly object[]): string {
  if (collectionsConfig.length === 0) return version;
  const hash = createHash("sha256").update(JSON.stringify(collectionsConfig)).digest("hex");
  return `${version}-${hash.slice(0, 8)}`;
}

/** JSON is YAML: Fabric's programs read it under the names that they look for. */
function writeJson(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}
