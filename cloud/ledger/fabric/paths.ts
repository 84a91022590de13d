import { join } from "node:path";

/**
 * Where everything of the network lies below one directory. Nodes in containers see the directory under the same path
 * as the commands that made it, so that the paths in their configuration hold for both.
 */
export class FabricPaths {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  topology(): string {
    return join(this.root, "topology.json");
  }

  /** An organisation's public part: its root certificate and what its node kinds are. */
  organisationMsp(mspId: string): string {
    return join(this.root, "organisations", mspId, "msp");
  }

  /** MSP directory of an organisation's administrator, private key included. */
  administratorMsp(mspId: string): string {
    return join(this.root, "organisations", mspId, "administrator");
  }

  /** The organisation's second authority, which certifies its consenter and nobody else. */
  consenterAuthority(mspId: string): { certificate: string; privateKey: string } {
    const at = (file: string) => join(this.root, "organisations", mspId, "consenter-authority", file);
    return { certificate: at("certificate.pem"), privateKey: at("key.pem") };
  }

  nodeMsp(node: string): string {
    return join(this.root, "nodes", node, "msp");
  }

  nodeTls(node: string): TlsPaths {
    const at = (file: string) => join(this.root, "nodes", node, "tls", file);
    return { authorities: at("authorities.pem"), certificate: at("certificate.pem"), privateKey: at("key.pem") };
  }

  /** Directory with `core.yaml` or `orderer.yaml`. */
  nodeConfig(node: string): string {
    return join(this.root, "nodes", node, "config");
  }

  /** Blocks, state and logs of consensus: what a backup has to hold. */
  nodeData(node: string): string {
    return join(this.root, "nodes", node, "data");
  }

  configtxDirectory(): string {
    return join(this.root, "configtx");
  }

  genesisBlock(): string {
    return join(this.root, "configtx", "genesis.block");
  }

  chaincodePackage(peer: string): string {
    return join(this.root, "chaincode", `${peer}.tgz`);
  }

  /** Name under which the peer knows its package; the chaincode's server has to show the same. */
  chaincodePackageId(peer: string): string {
    return join(this.root, "chaincode", `${peer}.id`);
  }

  collectionsConfig(): string {
    return join(this.root, "chaincode", "collections.json");
  }

  log(node: string): string {
    return join(this.root, "logs", `${node}.log`);
  }

  processFile(node: string): string {
    return join(this.root, "processes", `${node}.json`);
  }
}

/** PEM files of one TLS server: whom it trusts, who it is. */
export type TlsPaths = { authorities: string; certificate: string; privateKey: string };
