/** Signing: readings become envelopes in an unbroken chain. */
export { currentBootEpoch, startBootEpoch, useBootEpoch } from "./boot-epoch.ts";
export type { ChainState, OpenedEnvelope, SealedEnvelope } from "./envelope-chain.ts";
export { chainAfter, EnvelopeChain, freshChain, openEnvelope, READINGS_PER_ENVELOPE_MAX } from "./envelope-chain.ts";
