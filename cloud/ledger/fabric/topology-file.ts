import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { FabricError } from "./fabric-error.ts";
import type { FabricPaths } from "./paths.ts";
import { type FabricTopology, LOOPBACK_PORTS, loopbackTopology, type PeerNode } from "./topology.ts";

/** The network of an earlier `up`; undefined when there was none. */
export function readTopology(paths: FabricPaths): FabricTopology | undefined {
  const path = paths.topology();
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as FabricTopology) : undefined;
}

/** @throws FabricError FABRIC_NOT_UP when there is no network, or none with that peer */
export function peerNamed(paths: FabricPaths, name: string): PeerNode {
  const peer = readTopology(paths)?.peers.find((candidate) => candidate.name === name);
  if (peer === undefined) throw new FabricError("FABRIC_NOT_UP", `${paths.root} has no network with a peer ${name}`);
  return peer;
}

/** MUST be there before the first block is made, which has the addresses in it. */
export function writeTopology(paths: FabricPaths, topology: FabricTopology): void {
  mkdirSync(paths.root, { recursive: true, mode: 0o700 });
  writeFileSync(paths.topology(), `${JSON.stringify(topology, null, 2)}\n`);
}

/**
 * The network on this machine. Its ports are free ones at first and the same ever after: they stand in certificates'
 * neighbours' configuration, and in the channel's first block.
 */
export async function rememberedTopology(paths: FabricPaths): Promise<FabricTopology> {
  const known = readTopology(paths);
  if (known !== undefined) return known;
  const topology = loopbackTopology(await freePorts(LOOPBACK_PORTS));
  writeTopology(paths, topology);
  return topology;
}

/** Ports that were free a moment ago, all different, as they are held until the last is found. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.once("error", reject);
          server.listen(0, "127.0.0.1", () => {
            const address = server.address();
            resolve(typeof address === "object" && address !== null ? address.port : 0);
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
