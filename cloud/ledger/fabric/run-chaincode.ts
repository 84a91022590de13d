/** `node run-chaincode.ts FABRIC-DIRECTORY PEER`: the system's contracts as a process of their own, for one peer. */
import { contractsVerifyingWith } from "@gridpact/contracts";
import { openSignatureVerifier } from "@gridpact/native";
import { serveChaincode } from "./chaincode-server.ts";
import { FabricPaths } from "./paths.ts";
import { peerNamed } from "./topology-file.ts";

const [root = "", peerName = ""] = process.argv.slice(2);
const paths = new FabricPaths(root);
await serveChaincode(peerNamed(paths, peerName), paths, contractsVerifyingWith(openSignatureVerifier()));
