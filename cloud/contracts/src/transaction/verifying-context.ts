import { type SignatureVerifier, verifyZip215 } from "@gridpact/proto";
import { Context } from "fabric-contract-api";

/**
 * Fabric's context of a transaction with what verifies Ed25519 signatures in it. Peers may use different ones: all
 * give the verdicts of ZIP-215, so they endorse the same bytes.
 */
export class VerifyingContext extends Context {
  readonly verifySignature: SignatureVerifier;

  constructor(verifySignature: SignatureVerifier) {
    super();
    this.verifySignature = verifySignature;
  }
}

/** The context's own verifier, or the one that needs nothing but Node.js. */
export function verifierOf(context: Context): SignatureVerifier {
  return context instanceof VerifyingContext ? context.verifySignature : verifyZip215;
}
