import { X509Certificate } from "node:crypto";
import {
  DecodeError,
  type DeviceRelease,
  decode,
  type MoveOffer,
  type MoveTicket,
  moveSigningBytes,
  verifyZip215,
} from "@gridpact/proto";
import type { AgreedMove } from "./move-book.ts";
import { accept, type Checked, refuse } from "./refusal.ts";

/** An offer that its two nodes really made to this device. Whether the device wants to go is another question. */
export type ReadOffer = { release: DeviceRelease; move: AgreedMove; dwellMs: number };

/** Who is asked, and the authority by which it knows nodes. */
export type OfferReader = { deviceId: string; publicKey: Uint8Array; authorityPem: string };

/** Reads a NodeStatement of a MoveOffer, with the ticket in it; both MUST be signed by nodes of the known authority. */
export function readMoveOffer(message: Uint8Array, reader: OfferReader): Checked<ReadOffer> {
  const offer = readStatement("MoveOffer", message, reader.authorityPem);
  if (!offer.isOk) return offer;
  const { deviceId, fromVnId, toVnId, revision, guidelines, deadlineUnixMs } = offer.value.content;
  if (guidelines === null || fromVnId === toVnId) return refuse("malformed");
  if (deviceId !== reader.deviceId) return refuse("foreign_device");
  if (offer.value.vnId !== fromVnId) return refuse("wrong_node");
  const ticket = readStatement("MoveTicket", offer.value.content.ticket, reader.authorityPem);
  if (!ticket.isOk) return ticket;
  if (ticket.value.vnId !== toVnId || ticket.value.content.vnId !== toVnId) return refuse("wrong_node");
  const refusal = ticketRefusal(ticket.value.content, reader);
  if (refusal !== undefined) return refuse(refusal);
  const { token, enrolmentUrl, mqttHost } = ticket.value.content;
  return accept({
    release: { deviceId, fromVnId, toVnId, revision },
    move: { fromVnId, toVnId, revision, deadlineUnixMs: Number(deadlineUnixMs), token, enrolmentUrl, mqttHost },
    dwellMs: Number(guidelines.dwellMs),
  });
}

function ticketRefusal({ deviceId, publicKey, enrolmentUrl, authorityPem }: MoveTicket, reader: OfferReader) {
  if (deviceId !== reader.deviceId || !Buffer.from(publicKey).equals(reader.publicKey)) return "foreign_device";
  const isHttps = URL.canParse(enrolmentUrl) && new URL(enrolmentUrl).protocol === "https:";
  if (!isHttps) return "malformed";
  // The new node's servers are known by the authority that the owner trusts already, and by no other.
  return authorityPem.trim() === reader.authorityPem.trim() ? undefined : "authority_unknown";
}

type Statement<C> = { vnId: string; content: C };

function readStatement<N extends "MoveOffer" | "MoveTicket">(
  name: N,
  bytes: Uint8Array,
  authorityPem: string,
): Checked<Statement<N extends "MoveOffer" ? MoveOffer : MoveTicket>> {
  try {
    const { payload, signature, certificatePem } = decode("NodeStatement", bytes);
    const content = decode(name, payload) as N extends "MoveOffer" ? MoveOffer : MoveTicket;
    const node = nodeOf(certificatePem, authorityPem);
    if (node === undefined) return refuse("authority_unknown");
    if (!verifyZip215(node.publicKey, moveSigningBytes(name, payload), signature)) return refuse("not_signed");
    return accept({ vnId: node.vnId, content });
  } catch (error) {
    if (error instanceof DecodeError) return refuse("malformed");
    throw error;
  }
}

/** Node ids have no dot, so no node passes for another, and no device for a node. */
const NODE_NAME = /^CN=node\.([^.]+)$/;

/** Node and key of a certificate that the authority issued; undefined for any other. */
function nodeOf(certificatePem: string, authorityPem: string): { vnId: string; publicKey: Uint8Array } | undefined {
  const certificate = parseCertificate(certificatePem);
  if (certificate === undefined || !certificate.verify(new X509Certificate(authorityPem).publicKey)) return undefined;
  const names = certificate.subject.split("\n").flatMap((line) => NODE_NAME.exec(line)?.[1] ?? []);
  // The end of a SubjectPublicKeyInfo is the key itself. [RFC8410 s.4]
  const publicKey = certificate.publicKey.export({ format: "der", type: "spki" }).subarray(-32);
  const [vnId] = names;
  return vnId === undefined || names.length !== 1 ? undefined : { vnId, publicKey };
}

function parseCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined; // Not PEM of a certificate: the parser's only way to say so is to throw.
  }
}
