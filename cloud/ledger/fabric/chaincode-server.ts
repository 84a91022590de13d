import { readFileSync } from "node:fs";
import { type Contract, JSONSerializer } from "fabric-contract-api";
import type { ChaincodeInterface } from "fabric-shim";
import ChaincodeFromContract from "fabric-shim/lib/contract-spi/chaincodefromcontract.js";
import ChaincodeServer from "fabric-shim/lib/server.js";
import { quietenFabric } from "../src/embedded/quieten-fabric.ts";
import { listenAddressFor } from "./node-config.ts";
import type { FabricPaths } from "./paths.ts";
import type { PeerNode } from "./topology.ts";

/**
 * Serves contracts to the one peer that they are run for. The code that runs them is fabric-shim's, the same as in the
 * embedded ledger; TLS in both directions keeps everybody else away. Runs until the process ends.
 *
 * fabric-shim tells contracts whose peer runs them by the environment variable CORE_PEER_LOCALMSPID, which whoever
 * starts the process has to set.
 */
export function serveChaincode(
  peer: PeerNode,
  paths: FabricPaths,
  contracts: readonly (new () => Contract)[],
): Promise<void> {
  quietenFabric();
  const tls = paths.nodeTls(peer.chaincode.name);
  const serializers = { transaction: "json", serializers: { json: JSONSerializer } };
  // It appends to the array that it is given.
  const chaincode = new ChaincodeFromContract([...contracts], serializers);
  const server = new ChaincodeServer(chaincode as unknown as ChaincodeInterface, {
    ccid: readFileSync(paths.chaincodePackageId(peer.name), "utf8"),
    address: `${listenAddressFor(peer.chaincode.host)}:${peer.chaincode.port}`,
    tlsProps: {
      key: readFileSync(tls.privateKey),
      cert: readFileSync(tls.certificate),
      clientCACerts: readFileSync(tls.authorities),
    },
    // A transaction with what it reads and writes in one message, see the peer's write batches.
    "grpc.max_receive_message_length": MESSAGE_BYTES_MAX,
  });
  return server.start();
}

/** As much as the orderers take in a block, twice over. */
const MESSAGE_BYTES_MAX = 20 * 1024 * 1024;
