import { gridpact } from "./gen/messages.js";

/** Every message type of the wire, by short name. One table, so that a new message is one new line. */
const MESSAGES = {
  SignedEnvelope: gridpact.reading.v1.SignedEnvelope,
  EnvelopePayload: gridpact.reading.v1.EnvelopePayload,
  EnrolmentRequest: gridpact.control.v1.EnrolmentRequest,
  Setpoint: gridpact.control.v1.Setpoint,
  FlexibilityStatement: gridpact.control.v1.FlexibilityStatement,
  BalanceStatement: gridpact.control.v1.BalanceStatement,
  SignRequest: gridpact.control.v1.SignRequest,
  SignResponse: gridpact.control.v1.SignResponse,
  NodeStatement: gridpact.control.v1.NodeStatement,
  MoveOffer: gridpact.control.v1.MoveOffer,
  MoveTicket: gridpact.control.v1.MoveTicket,
} as const;

/** `payload` is kept and verified as received; `signature` is Ed25519 over `envelopeSigningBytes` of it, 64 bytes. */
export type SignedEnvelope = { payload: Uint8Array; signature: Uint8Array };

/** Number of the protobuf enum. */
export type Quality = 0 | 1 | 2;
/** UNSPECIFIED is refused on ingest and in evidence; ESTIMATED is settled like MEASURED. */
export const QUALITY = { UNSPECIFIED: 0, MEASURED: 1, ESTIMATED: 2 } as const satisfies Record<string, Quality>;

/** One instantaneous register value; see reading.proto. */
export type Reading = {
  measuredAtUnixMs: bigint;
  /** Import positive. */
  powerW: bigint;
  importWh: bigint;
  exportWh: bigint;
  quality: Quality;
};

/** 1 to `ENVELOPE_LIMITS.readingsMax` readings; reading i has sequence number `firstSeq + i`. See reading.proto. */
export type EnvelopePayload = {
  deviceId: string;
  bootEpoch: number;
  firstSeq: bigint;
  previousEnvelopeHash: Uint8Array;
  readings: Reading[];
};

/** Number of the protobuf enum. */
export type ResourceKind = 0 | 1 | 2 | 3 | 4 | 5;
/** UNSPECIFIED is refused at enrolment. */
export const RESOURCE_KIND = {
  UNSPECIFIED: 0,
  RELAY: 1,
  DIMMER: 2,
  HEAT_PUMP: 3,
  BATTERY: 4,
  EV: 5,
} as const satisfies Record<string, ResourceKind>;

/** What an owner declares at enrolment; `reduceWhMax` 0 is no limit. */
export type Resource = { resourceId: string; kind: ResourceKind; reduceWMax: bigint; reduceWhMax: bigint };

/** Sent once. The proof covers all but itself and `resources`, see `enrolmentSigningBytes`. */
export type EnrolmentRequest = {
  deviceId: string;
  publicKey: Uint8Array;
  token: string;
  proofOfPossession: Uint8Array;
  resources: Resource[];
};

/** With the `importWMax` above it the range in which storage holds the connection point. */
export type BalanceBand = { importWMin: bigint; shiftsLoads: boolean };
/** With `balance` a band of self-balancing, else a limit that everything controllable keeps. */
export type PowerLimit = {
  startUnixMs: bigint;
  endUnixMs: bigint;
  importWMax: bigint;
  balance?: BalanceBand | null;
};
/** A higher `revision` of an event replaces all its limits; empty `limits` cancel them. */
export type Setpoint = { eventId: string; revision: number; limits: PowerLimit[] };

/** See control.proto; 24 values, one for each hour of the day (UTC). */
export type FlexibilityStatement = {
  revision: number;
  eventsLearned: number;
  mtuMs: number;
  deliverableWh: bigint[];
};

/** See control.proto. */
export type BalanceStatement = {
  statedAtUnixMs: bigint;
  storedWh: bigint;
  storedWhMax: bigint;
  storageWMax: bigint;
  efficiencyPerMille: number;
  waitingWh: bigint;
  loadW: bigint;
  loadWMax: bigint;
  readyByUnixMs: bigint;
  movedWh: bigint;
  opening: number;
};

/** Number of the protobuf enum. */
export type SignStage = 0 | 1 | 2 | 3 | 4 | 5 | 6;
/** UNSPECIFIED is refused; 1 to 3 are a Fabric client's own three signatures, the others need no transaction. */
export const SIGN_STAGE = {
  UNSPECIFIED: 0,
  PROPOSAL: 1,
  TRANSACTION: 2,
  COMMIT_STATUS: 3,
  CONSENT: 4,
  AMENDMENT: 5,
  RELEASE: 6,
} as const satisfies Record<string, SignStage>;

/** From node to device. What is signed is not always `message`: see control.proto by `stage`. */
export type SignRequest = { requestId: string; stage: SignStage; message: Uint8Array };
/** One of `signature` (64 bytes) and `refusal` is empty. */
export type SignResponse = { requestId: string; signature: Uint8Array; refusal: string };

/** What a node says in its own name: payload as it encoded it, and its Ed25519 signature, 64 bytes. */
export type NodeStatement = { payload: Uint8Array; signature: Uint8Array; certificatePem: string };

/** W, milliseconds, per mille; as the aggregator had them when the move was planned. */
export type MoveGuidelines = {
  membersMin: number;
  membersMax: number;
  capacityWMax: bigint;
  movesMax: number;
  dwellMs: bigint;
  gainPerMilleMin: number;
};

/** See control.proto; `ticket` is an encoded NodeStatement, and guidelines that were left out are null. */
export type MoveOffer = {
  deviceId: string;
  fromVnId: string;
  toVnId: string;
  revision: number;
  guidelines: MoveGuidelines | null;
  deadlineUnixMs: bigint;
  ticket: Uint8Array;
};

/** Good for one enrolment, by the key in it; whoever else carries it cannot use it. */
export type MoveTicket = {
  deviceId: string;
  publicKey: Uint8Array;
  vnId: string;
  token: string;
  enrolmentUrl: string;
  mqttHost: string;
  authorityPem: string;
};

/** What `encode` takes and `decode` gives, by name; int64 fields are bigint, bytes are `Uint8Array`. */
export type MessageTypes = {
  SignedEnvelope: SignedEnvelope;
  EnvelopePayload: EnvelopePayload;
  EnrolmentRequest: EnrolmentRequest;
  Setpoint: Setpoint;
  FlexibilityStatement: FlexibilityStatement;
  BalanceStatement: BalanceStatement;
  SignRequest: SignRequest;
  SignResponse: SignResponse;
  NodeStatement: NodeStatement;
  MoveOffer: MoveOffer;
  MoveTicket: MoveTicket;
};

/** Key of the one table of messages; also what a `DecodeError` names. */
export type MessageName = keyof MessageTypes;

/** Received bytes are not a well-formed message of the named type. */
export class DecodeError extends Error {
  readonly code = "PROTO_DECODE";
  readonly messageName: MessageName;

  constructor(messageName: MessageName, cause: unknown) {
    super(`not a well-formed ${messageName}`, { cause });
    this.name = "DecodeError";
    this.messageName = messageName;
  }
}

/** Encodes a message in protobuf's canonical field order; int64 fields are bigint. */
export function encode<N extends MessageName>(name: N, value: MessageTypes[N]): Uint8Array {
  const type = MESSAGES[name];
  // protobufjs takes 64-bit integers as Long or decimal text, never as bigint.
  const message = type.fromObject(bigintsAsText(value) as Record<string, unknown>);
  return type.encode(message as never).finish();
}

/**
 * Decodes a message; int64 fields become bigint, absent fields their proto3 default.
 * @throws DecodeError when the bytes are not a message of this type.
 */
export function decode<N extends MessageName>(name: N, bytes: Uint8Array): MessageTypes[N] {
  const type = MESSAGES[name];
  try {
    const object = type.toObject(type.decode(bytes) as never, { longs: BigInt as never, defaults: true, arrays: true });
    return object as unknown as MessageTypes[N];
  } catch (cause) {
    throw new DecodeError(name, cause);
  }
}

function bigintsAsText(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(bigintsAsText);
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, bigintsAsText(field)]));
}
