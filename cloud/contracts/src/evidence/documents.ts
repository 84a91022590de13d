import { ENVELOPE_LIMITS } from "@gridpact/proto";
import { EVENT_INTERVALS_MAX } from "@gridpact/settlement";
import { BATCH_SIZE } from "../anchors/index.ts";
import { COUNT, HASH_HEX, hex, list, nullable, object, type Shaped } from "../transaction/index.ts";

/** A contract has one boundary more than intervals, and no boundary needs an envelope of its own twice. */
const BOUNDARIES_MAX = EVENT_INTERVALS_MAX + 1;

/** Depth of the largest batch that an anchor may have. */
const PATH_LENGTH_MAX = 30;

const ENVELOPE = object({
  /** SignedEnvelope as received. */
  envelopeHex: hex({ bytesMin: 1, bytesMax: ENVELOPE_LIMITS.bytesMax }),
  proof: object({
    batchNo: COUNT,
    leafIndex: COUNT,
    /** Sibling hashes from leaf to root. */
    pathHex: list(HASH_HEX, { min: 0, max: PATH_LENGTH_MAX }),
    size: BATCH_SIZE,
  }),
});

/**
 * What shows how much a device metered: signed register values at each boundary, proven to be anchored. Fields here are
 * in the order of their names, so that what is read is canonical as it stands: its hash is the most that is hashed.
 */
export const EVIDENCE = object({
  /** Which reading of which envelope shows each boundary; null where no reading was accepted. */
  boundaries: list(nullable(object({ envelope: COUNT, reading: COUNT })), { min: 2, max: BOUNDARIES_MAX }),
  envelopes: list(ENVELOPE, { min: 0, max: BOUNDARIES_MAX }),
});

/** As it comes in an argument; nothing in it is believed before `verifyEvidence`. */
export type Evidence = Shaped<typeof EVIDENCE>;
/** A signed envelope with its RFC 6962 inclusion proof in a batch of one virtual node. */
export type EvidenceEnvelope = Shaped<typeof ENVELOPE>;
