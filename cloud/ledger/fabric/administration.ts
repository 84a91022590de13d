import { type FabricBinaries, runProgram } from "./binaries.ts";
import { FabricError } from "./fabric-error.ts";
import type { FabricPaths } from "./paths.ts";
import type { OrdererNode, PeerNode } from "./topology.ts";

/** What has been agreed on about the chaincode. */
export type ChaincodeDefinition = {
  channelName: string;
  name: string;
  version: string;
  sequence: number;
  /** Policy in Fabric's language. */
  endorsementRule: string;
  /** Fabric's collection configuration; undefined when there are no collections. */
  collectionsFile: string | undefined;
};

/** Fabric's own commands, each run as the administrator of the organisation whose node it is about. */
export class FabricAdministration {
  readonly #binaries: FabricBinaries;
  readonly #paths: FabricPaths;

  constructor(binaries: FabricBinaries, paths: FabricPaths) {
    this.#binaries = binaries;
    this.#paths = paths;
  }

  async makeGenesisBlock(profile: string, channelName: string): Promise<void> {
    const directory = this.#paths.configtxDirectory();
    const output = ["-outputBlock", this.#paths.genesisBlock()];
    await runProgram(
      this.#binaries.configtxgen,
      ["-profile", profile, "-channelID", channelName, ...output, "-configPath", directory],
      { FABRIC_CFG_PATH: directory },
    );
  }

  /** Channels of an orderer with their heights. */
  async ordererHeight(orderer: OrdererNode, channelName: string): Promise<number | undefined> {
    const { stdout } = await this.#osnadmin(orderer, ["channel", "list", "--channelID", channelName]);
    const height = /"height":\s*(\d+)/.exec(stdout)?.[1];
    return height === undefined ? undefined : Number(height);
  }

  async joinOrderer(orderer: OrdererNode, channelName: string): Promise<void> {
    const { stdout } = await this.#osnadmin(orderer, [
      ...["channel", "join", "--channelID", channelName],
      ...["--config-block", this.#paths.genesisBlock()],
    ]);
    // The program ends well whatever the orderer answers.
    if (!stdout.includes("Status: 201")) {
      throw new FabricError("FABRIC_COMMAND_FAILED", `${orderer.name} did not join ${channelName}: ${stdout.trim()}`);
    }
  }

  async hasJoined(peer: PeerNode, channelName: string): Promise<boolean> {
    const { stdout } = await this.#peer(peer, ["channel", "list"]);
    return stdout.split("\n").some((line) => line.trim() === channelName);
  }

  async joinPeer(peer: PeerNode): Promise<void> {
    await this.#peer(peer, ["channel", "join", "-b", this.#paths.genesisBlock()]);
  }

  async peerHeight(peer: PeerNode, channelName: string): Promise<number> {
    const { stdout } = await this.#peer(peer, ["channel", "getinfo", "-c", channelName]);
    return Number(/"height":(\d+)/.exec(stdout)?.[1] ?? 0);
  }

  async isInstalled(peer: PeerNode, packageId: string): Promise<boolean> {
    const { stdout } = await this.#peer(peer, ["lifecycle", "chaincode", "queryinstalled", "--output", "json"]);
    return stdout.includes(`"${packageId}"`);
  }

  async install(peer: PeerNode, packageFile: string): Promise<void> {
    await this.#peer(peer, ["lifecycle", "chaincode", "install", packageFile]);
  }

  /** Version and sequence that the channel has agreed on; undefined before the first agreement. */
  async committed(
    peer: PeerNode,
    { channelName, name }: Pick<ChaincodeDefinition, "channelName" | "name">,
  ): Promise<{ version: string; sequence: number } | undefined> {
    const { stdout } = await this.#peer(peer, [
      ...["lifecycle", "chaincode", "querycommitted", "-C", channelName, "--output", "json"],
    ]);
    const definitions = (JSON.parse(stdout) as { chaincode_definitions?: CommittedDefinition[] }).chaincode_definitions;
    return definitions?.find((definition) => definition.name === name);
  }

  /** One organisation's word for a definition, to be given with the id of its own package. */
  async approve(peer: PeerNode, definition: ChaincodeDefinition, packageId: string, via: OrdererNode): Promise<void> {
    const args = [...definitionArgs(definition), "--package-id", packageId, ...this.#ordererArgs(via)];
    await this.#peer(peer, ["lifecycle", "chaincode", "approveformyorg", ...args]);
  }

  async commit(peers: readonly PeerNode[], definition: ChaincodeDefinition, via: OrdererNode): Promise<void> {
    const [first] = peers;
    if (first === undefined) throw new TypeError("nobody to commit with");
    const addresses = peers.flatMap((peer) => [
      ...["--peerAddresses", addressOf(peer), "--tlsRootCertFiles", this.#paths.nodeTls(peer.name).authorities],
    ]);
    const args = [...definitionArgs(definition), ...this.#ordererArgs(via), ...addresses];
    await this.#peer(first, ["lifecycle", "chaincode", "commit", ...args]);
  }

  #osnadmin({ name, host, ports }: OrdererNode, args: string[]): Promise<{ stdout: string }> {
    const tls = this.#paths.nodeTls(name);
    const where = ["--orderer-address", `${host}:${ports.admin}`, "--ca-file", tls.authorities];
    return runProgram(this.#binaries.osnadmin, [
      ...args,
      ...where,
      ...["--client-cert", tls.certificate, "--client-key", tls.privateKey],
    ]);
  }

  #peer(peer: PeerNode, args: string[]): Promise<{ stdout: string }> {
    return runProgram(this.#binaries.peer, args, {
      FABRIC_CFG_PATH: this.#paths.nodeConfig(peer.name),
      CORE_PEER_MSPCONFIGPATH: this.#paths.administratorMsp(peer.mspId),
      FABRIC_LOGGING_SPEC: "warn",
    });
  }

  #ordererArgs({ name, host, ports }: OrdererNode): string[] {
    return ["-o", `${host}:${ports.client}`, "--tls", "--cafile", this.#paths.nodeTls(name).authorities];
  }
}

type CommittedDefinition = { name: string; version: string; sequence: number };

function definitionArgs(definition: ChaincodeDefinition): string[] {
  const { channelName, name, version, sequence, endorsementRule, collectionsFile } = definition;
  return [
    ...["-C", channelName, "-n", name, "-v", version, "--sequence", String(sequence)],
    ...["--signature-policy", endorsementRule],
    ...(collectionsFile === undefined ? [] : ["--collections-config", collectionsFile]),
  ];
}

function addressOf({ host, ports }: PeerNode): string {
  return `${host}:${ports.gateway}`;
}
