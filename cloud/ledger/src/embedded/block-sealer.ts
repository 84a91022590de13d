import type { Random } from "@gridpact/host";
import { common } from "@hyperledger/fabric-protos";
import {
  type Block,
  type BlockHeader,
  type Consortium,
  commitHash,
  committedBytes,
  orderedBytes,
} from "../protocol/index.ts";
import { type NodeIdentity, SigningNode } from "./node-identity.ts";

/** Gives blocks the signatures that let others believe them: the orderers' over the header, peers' over the outcome. */
export class BlockSealer {
  readonly #orderers: readonly SigningNode[];
  readonly #peers: readonly SigningNode[];
  readonly #random: Random;

  constructor(
    options: { consortium: Consortium; orderers: readonly NodeIdentity[]; peers: readonly NodeIdentity[] },
    random: Random,
  ) {
    this.#orderers = options.orderers.map((identity) => new SigningNode(identity));
    this.#peers = options.peers
      // As many as make a transaction also make its outcome believable; more would only cost time.
      .slice(0, options.consortium.endorsingOrganisationsMin)
      .map((identity) => new SigningNode(identity));
    this.#random = random;
  }

  /** Signatures carry a nonce from the given random, so the whole block follows from the seed. */
  seal(content: {
    header: BlockHeader;
    data: Uint8Array[];
    validationCodes: Uint8Array;
    previousCommitHash: Uint8Array;
  }): Block {
    const { header, data, validationCodes, previousCommitHash } = content;
    const value = commitHash(previousCommitHash, header, validationCodes);
    return {
      header,
      data,
      validationCodes,
      ordered: {
        value: ORDERER_METADATA,
        signatures: this.#orderers.map((orderer) =>
          orderer.signBlock(this.#random, (signer) => orderedBytes(ORDERER_METADATA, signer, header)),
        ),
      },
      committed: {
        value,
        signatures: this.#peers.map((peer) =>
          peer.signBlock(this.#random, (signer) => committedBytes(value, signer, { header, validationCodes })),
        ),
      },
    };
  }
}

/** Says that block 0 is the newest configuration: it never changes in the embedded ledger. */
const ORDERER_METADATA = ordererMetadata();

function ordererMetadata(): Uint8Array {
  const metadata = new common.OrdererBlockMetadata();
  metadata.setLastConfig(new common.LastConfig());
  return metadata.serializeBinary();
}
