import { isSignedBy, readCertificate } from "../identity/index.ts";
import type { OfflineCreator, RemoteSigner } from "./ledger.ts";
import { OfflineSigningError } from "./ledger-error.ts";

/**
 * The creator's remote signer, with every answer verified under the creator's certificate. A transaction with a bad
 * signature would be refused only by the orderers, whose refusals are ambiguous, and so be submitted for ever.
 */
export function verifiedSigner(creator: OfflineCreator, transactionId: string): RemoteSigner {
  const { publicKey } = readCertificate(creator.certificatePem);
  return async (stage, message) => {
    const signature = await creator.sign(stage, message).catch((cause: unknown) => {
      throw new OfflineSigningError(transactionId, stage, cause);
    });
    if (isSignedBy(publicKey, message, signature)) return signature;
    throw new OfflineSigningError(transactionId, stage, "the signature does not verify under the certificate");
  };
}
