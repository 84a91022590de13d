import { collections, contractsVerifyingWith } from "@gridpact/contracts";
import { jsonLog, systemRandom, wallClock } from "@gridpact/host";
import {
  containerTopology,
  type FabricMembers,
  FabricNetwork,
  type FabricNetworkOptions,
  FabricPaths,
  fabricSources,
  findBinaries,
  type NodeStatus,
  PROPOSAL_TIME_WINDOW_DEFAULT,
  peerNamed,
  readTopology,
  rememberedTopology,
  serveChaincode,
  writeTopology,
} from "@gridpact/ledger/fabric";
import { openSignatureVerifier } from "@gridpact/native";
import { type Command, InvalidArgumentError } from "commander";
import { CliError } from "../cli-error.ts";
import { validityFor } from "../consortium/consortium.ts";
import { readConsortium } from "../consortium/consortium-files.ts";
import { prepare } from "../demo/prepare.ts";
import { clockOf } from "../process/clock-file.ts";
import { type DataDirectory, existingDataDirectory, openDataDirectory } from "../process/data-directory.ts";
import { announceFabric, withdrawFabric } from "./fabric-ledger.ts";

type Write = (text: string) => void;

/** Version of the contracts as the channel agrees on it; a new one is an agreement of its own. */
const CONTRACTS_VERSION_DEFAULT = "1.0";

/** Adds `gridpact fabric ...`: the consortium's ledger as a network of Hyperledger Fabric on this machine. */
export function addFabric(program: Command, write: Write, dataDefault: string): void {
  const fabric = program
    .command("fabric")
    .description("run the ledger as a Hyperledger Fabric network on this machine (programs in FABRIC_BIN or PATH)");
  const sub = (name: string, description: string) =>
    fabric
      .command(name)
      .description(description)
      .option("--data <directory>", "data directory whose consortium it is", dataDefault);

  sub("up", "make what is missing, start every node, join the channel")
    .option("--time-window <duration>", "how far a proposal's time may be off", duration, PROPOSAL_TIME_WINDOW_DEFAULT)
    .action(async ({ data, timeWindow }: { data: string; timeWindow: string }) => {
      await up(openDataDirectory(data, { isFresh: false }), timeWindow, write);
    });
  sub("deploy", "install the contracts at every peer, approve and commit them")
    .option("--contracts-version <version>", "as the channel shall know them", CONTRACTS_VERSION_DEFAULT)
    .action(async ({ data, contractsVersion }: { data: string; contractsVersion: string }) => {
      await deploy(existingDataDirectory(data), contractsVersion, write);
    });
  sub("chaincode", "run the contracts for one peer, as `deploy` does by itself on one machine")
    .requiredOption("--peer <name>", "for which peer")
    .action(async ({ data, peer }: { data: string; peer: string }) => {
      const paths = new FabricPaths(existingDataDirectory(data).at("fabric"));
      await serveChaincode(peerNamed(paths, peer), paths, contractsVerifyingWith(openSignatureVerifier()));
    });
  sub("status", "which nodes run, and how many blocks each has")
    .option("--json", "print JSON", false)
    .action(async ({ data, json }: { data: string; json: boolean }) => {
      const statuses = await (await networkOf(existingDataDirectory(data))).status();
      write(json ? `${JSON.stringify(statuses)}\n` : statusText(statuses));
      process.exitCode = statuses.every(({ pid }) => pid !== undefined) ? 0 : 1;
    });
  sub("down", "end every node; blocks and keys stay").action(async ({ data }: { data: string }) => {
    const directory = existingDataDirectory(data);
    const network = await networkOf(directory);
    withdrawFabric(directory, network);
    await network.down();
    write("the network is down\n");
  });
  sub("prepare-containers", "write keys, configuration and first block for the services of docker-compose.yml").action(
    async ({ data }: { data: string }) => {
      await prepareContainers(existingDataDirectory(data));
      write("the containers' configuration is ready\n");
    },
  );
}

async function up(data: DataDirectory, timeWindow: string, write: Write): Promise<void> {
  prepare(data, []);
  const network = await networkOf(data, { proposalTimeWindow: timeWindow });
  const members = membersOf(data);
  await network.prepare(members, { random: systemRandom, clock: wallClock() });
  await network.up();
  announceFabric(data, network, members.authorities);
  write(statusText(await network.status()));
}

async function deploy(data: DataDirectory, version: string, write: Write): Promise<void> {
  const network = await networkOf(data);
  await network.join();
  await network.deploy(collections, version);
  announceFabric(data, network, membersOf(data).authorities);
  write("the contracts are deployed\n");
}

function membersOf(data: DataDirectory): FabricMembers {
  const { authorities } = readConsortium(data);
  return { authorities, validity: validityFor([wallClock(), clockOf(data)]) };
}

/** The network below a data directory; its log is for people who look on. */
async function networkOf(
  data: DataDirectory,
  changes: Partial<Pick<FabricNetworkOptions, "proposalTimeWindow" | "builderDirectory">> = {},
): Promise<FabricNetwork> {
  const binaries = findBinaries(fabricSources());
  const root = data.at("fabric");
  const topology = await rememberedTopology(new FabricPaths(root));
  const clock = wallClock();
  const log = jsonLog((line) => process.stderr.write(line), clock);
  const options = { proposalTimeWindow: PROPOSAL_TIME_WINDOW_DEFAULT, ...changes };
  return new FabricNetwork({ root, topology, binaries, ...options }, { clock, log });
}

/** Everything that the official images need, under the path at which they see it. */
async function prepareContainers(data: DataDirectory): Promise<void> {
  const paths = new FabricPaths(data.at("fabric"));
  const known = readTopology(paths);
  const topology = containerTopology();
  if (known !== undefined && JSON.stringify(known) !== JSON.stringify(topology)) {
    const text = `${paths.root} is a network on one machine; containers need a data directory of their own`;
    throw new CliError("INPUT", text);
  }
  writeTopology(paths, topology);
  const network = await networkOf(data, { builderDirectory: CONTAINER_BUILDER });
  await network.prepare(membersOf(data), { random: systemRandom, clock: wallClock() });
}

/** Where the official peer image has its builder for chaincode that runs as a service. */
const CONTAINER_BUILDER = "/opt/hyperledger/ccaas_builder";

function statusText(statuses: readonly NodeStatus[]): string {
  const lines = statuses.map(({ name, mspId, pid, height }) => {
    const state = pid === undefined ? "down" : `pid ${pid}`;
    const blocks = height === undefined ? "" : `${height} blocks`;
    return `${name.padEnd(22)} ${mspId.padEnd(14)} ${state.padEnd(12)} ${blocks}`;
  });
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}

function duration(text: string): string {
  if (!/^\d{1,6}[smh]$/.test(text)) throw new InvalidArgumentError("a number of s, m or h is needed, such as 15m");
  return text;
}
