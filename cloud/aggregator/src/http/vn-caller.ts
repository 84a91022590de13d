import type { TLSSocket } from "node:tls";
import { readCertificate } from "@gridpact/ledger";
import type { CallerOf } from "./vn-api.ts";

/**
 * The virtual node whose certificate the connection was made with: its role must be that of a node, not of a device.
 */
export const callerByCertificate: CallerOf = (request) => {
  const certificate = (request.raw.socket as TLSSocket).getPeerX509Certificate?.();
  if (certificate === undefined) return undefined;
  const { attributes } = readCertificate(certificate.toString());
  return attributes["role"] === "vn" ? attributes["vnId"] : undefined;
};
