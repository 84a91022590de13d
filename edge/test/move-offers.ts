import { type SeededRandom, type SigningKey, signingKeyFromSeed } from "@gridpact/host";
import { encode, type MoveOffer, type MoveTicket, moveSigningBytes } from "@gridpact/proto";
import { makeAuthority } from "./certificates.ts";

/** Two nodes of one authority that let devices move between them, and everything that may be wrong with that. */
export class MoveParties {
  readonly authority;
  readonly stranger;
  readonly #keys: Record<"district" | "offices", SigningKey>;

  constructor(random: SeededRandom) {
    const key = () => signingKeyFromSeed(random.bytes(32));
    this.authority = makeAuthority(key());
    this.stranger = makeAuthority(key());
    this.#keys = { district: key(), offices: key() };
  }

  /** NodeStatement of an offer with its ticket, as it stands in a SignRequest. */
  offer(
    device: { deviceId: string; publicKey: Uint8Array; deadlineUnixMs: number },
    changes: {
      offer?: Partial<MoveOffer>;
      ticket?: Partial<MoveTicket>;
      issuer?: ReturnType<typeof makeAuthority>;
      offerSigner?: "district" | "offices";
      ticketSigner?: "district" | "offices";
      isForged?: boolean;
    } = {},
  ): Uint8Array {
    const { deviceId, publicKey, deadlineUnixMs } = device;
    const ticket: MoveTicket = {
      deviceId,
      publicKey,
      vnId: "offices",
      token: "token-1",
      enrolmentUrl: "https://offices.example/enrol",
      mqttHost: "offices.example",
      authorityPem: this.authority.certificate.pem,
      ...changes.ticket,
    };
    const offer: MoveOffer = {
      deviceId,
      fromVnId: "district",
      toVnId: "offices",
      revision: 0,
      guidelines: { membersMin: 1, membersMax: 9, capacityWMax: 9n, movesMax: 1, dwellMs: 0n, gainPerMilleMin: 1 },
      deadlineUnixMs: BigInt(deadlineUnixMs),
      ticket: this.#statement("MoveTicket", encode("MoveTicket", ticket), changes.ticketSigner ?? "offices", changes),
      ...changes.offer,
    };
    return this.#statement("MoveOffer", encode("MoveOffer", offer), changes.offerSigner ?? "district", changes);
  }

  #statement(
    message: "MoveOffer" | "MoveTicket",
    payload: Uint8Array,
    signer: "district" | "offices",
    { issuer = this.authority, isForged = false }: { issuer?: ReturnType<typeof makeAuthority>; isForged?: boolean },
  ): Uint8Array {
    const key = this.#keys[signer];
    const signature = key.sign(moveSigningBytes(isForged ? "MoveTicket" : message, payload));
    const certificatePem = issuer.issue(`node.${signer}`, key.publicKey);
    return encode("NodeStatement", { payload, signature, certificatePem });
  }
}
