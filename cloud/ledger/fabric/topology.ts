import type { MspId } from "../src/identity/index.ts";

/** Ports of an ordering node; all on its own host. */
export type OrdererPorts = { client: number; cluster: number; admin: number; operations: number };

/** Ports of a peer; `gateway` serves the Gateway protocol and gossip alike. */
export type PeerPorts = { gateway: number; chaincodeListen: number; operations: number };

/** One consenter: its id is its place in the channel's configuration, from 1 on. */
export type OrdererNode = { name: string; mspId: MspId; host: string; ports: OrdererPorts };

/** One peer with the server that runs the contracts for it: no organisation believes another's run. */
export type PeerNode = {
  name: string;
  mspId: MspId;
  host: string;
  ports: PeerPorts;
  chaincode: { name: string; host: string; port: number };
};

/** Which nodes the network has and where they listen. */
export type FabricTopology = { orderers: readonly OrdererNode[]; peers: readonly PeerNode[] };

/** Four consenters in four organisations: the smallest number that bears one traitor. */
const ORDERERS = [
  { name: "orderer-aggregator", mspId: "AggregatorMSP" },
  { name: "orderer-vn", mspId: "VnMSP" },
  { name: "orderer-dso", mspId: "DsoMSP" },
  { name: "orderer-auditor", mspId: "AuditorMSP" },
] as const;

/** The two parties between whom money moves endorse it; further peers join as docs/ledger-operations.md says. */
const PEERS = [
  { name: "peer-aggregator", mspId: "AggregatorMSP", chaincode: "chaincode-aggregator" },
  { name: "peer-vn", mspId: "VnMSP", chaincode: "chaincode-vn" },
] as const;

/** Host of every node that runs on this machine. */
export const LOOPBACK_HOST = "127.0.0.1";

/** How many ports `loopbackTopology` takes. */
export const LOOPBACK_PORTS = ORDERERS.length * 4 + PEERS.length * 4;

/** Everything on this machine, on ports that the caller has found to be free. */
export function loopbackTopology(ports: readonly number[]): FabricTopology {
  const left = [...ports];
  const next = () => {
    const port = left.shift();
    if (port === undefined) throw new RangeError(`a network on loopback takes ${LOOPBACK_PORTS} ports`);
    return port;
  };
  const host = LOOPBACK_HOST;
  return {
    orderers: ORDERERS.map((node) => ({
      ...node,
      host,
      ports: { client: next(), cluster: next(), admin: next(), operations: next() },
    })),
    peers: PEERS.map(({ chaincode, ...node }) => ({
      ...node,
      host,
      ports: { gateway: next(), chaincodeListen: next(), operations: next() },
      chaincode: { name: chaincode, host, port: next() },
    })),
  };
}

const ORDERER_CONTAINER_PORTS: OrdererPorts = { client: 7050, cluster: 7055, admin: 7053, operations: 9443 };
const PEER_CONTAINER_PORTS: PeerPorts = { gateway: 7051, chaincodeListen: 7052, operations: 9443 };
const CHAINCODE_CONTAINER_PORT = 9999;

/** Each node in a container of its own, reached by its service's name, on Fabric's customary ports. */
export function containerTopology(): FabricTopology {
  return {
    orderers: ORDERERS.map((node) => ({ ...node, host: node.name, ports: ORDERER_CONTAINER_PORTS })),
    peers: PEERS.map(({ chaincode, ...node }) => ({
      ...node,
      host: node.name,
      ports: PEER_CONTAINER_PORTS,
      chaincode: { name: chaincode, host: chaincode, port: CHAINCODE_CONTAINER_PORT },
    })),
  };
}

/** Every name under which a node's TLS server is asked for. */
export function serverNamesOf(host: string): string[] {
  return [...new Set(["localhost", LOOPBACK_HOST, host])];
}
