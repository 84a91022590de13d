import { issueAuthority, issueCertificate, p256KeyFrom } from "../src/identity/index.ts";
import {
  type BlockSignature,
  blockDataHash,
  type Consortium,
  encodeBlock,
  encodeIdentifierHeader,
  orderedBytes,
} from "../src/protocol/index.ts";
import type { Harness } from "./harness.ts";

type OrderedBlock = {
  number: number;
  data: Uint8Array[];
  codes: readonly number[];
  signers: readonly number[];
  /** In whose name each signs; its own unless said otherwise. */
  ids?: readonly number[];
};

/** Four SmartBFT consenters: the harness's consortium with them, and blocks that they sign by their numbers only. */
export function openConsenters({ random, clock, network }: Harness) {
  const modules = { random, clock };
  const authority = issueAuthority({ mspId: "DsoMSP", commonName: "consenters", key: p256KeyFrom(random) }, modules);
  const keys = Array.from({ length: 4 }, () => p256KeyFrom(random));
  const orderers = keys.map(({ publicKey }, index) => ({
    mspId: "DsoMSP",
    certificatePem: issueCertificate({ authority, commonName: `o${index}`, publicKey, kind: "orderer" }, modules),
  }));
  const consortium: Consortium = { ...network.consortium, orderers };
  const sign = ({ number, data, codes, signers, ids = signers }: OrderedBlock) => {
    const header = { number, previousHash: new Uint8Array(32), dataHash: blockDataHash(data) };
    const value = Buffer.from("last configuration");
    const signatures = signers.map((signer, index): BlockSignature => {
      const identifierHeader = encodeIdentifierHeader((ids[index] ?? 0) + 1, random.bytes(24));
      const key = keys[signer] as (typeof keys)[number];
      const signature = key.sign(orderedBytes(value, identifierHeader, header));
      return { signatureHeader: new Uint8Array(), signature, identifierHeader };
    });
    const committed = { value: new Uint8Array(), signatures: [] };
    return encodeBlock({
      header,
      data,
      ordered: { value, signatures },
      validationCodes: Uint8Array.from(codes),
      committed,
    });
  };
  return { consortium, sign };
}
