import { createHmac, timingSafeEqual } from "node:crypto";
import { type Client, SCOPES, type Scope } from "./clients.ts";

/** An hour, as the specification's example has it: short enough that a lost token matters little. */
export const TOKEN_LIFETIME_S = 3_600;

/** Longer tokens are refused before anything is computed. */
const MAX_TOKEN_CHARS = 4_096;

const HEADER = toBase64Url(JSON.stringify({ alg: "HS256", typ: "JWT" }));

interface Claims {
  readonly sub: string;
  readonly role: "bl" | "ven";
  readonly scope: string;
  /** Unix seconds. */
  readonly exp: number;
}

/** A signed bearer token [RFC 7519]. `key` is the VTN's own and never leaves it. */
export function issueToken(client: Client, key: Uint8Array, nowUnixMs: number): string {
  const claims: Claims = {
    sub: client.clientId,
    role: client.role,
    scope: [...client.scopes].join(" "),
    exp: Math.floor(nowUnixMs / 1_000) + TOKEN_LIFETIME_S,
  };
  const signed = `${HEADER}.${toBase64Url(JSON.stringify(claims))}`;
  return `${signed}.${mac(signed, key).toString("base64url")}`;
}

/** The client a token stands for; undefined for a token that is forged, foreign or expired. */
export function verifyToken(token: string, key: Uint8Array, nowUnixMs: number): Client | undefined {
  const [header, body, signature, surplus] = token.length > MAX_TOKEN_CHARS ? [] : token.split(".");
  // The header is compared and never read: a token cannot choose its own algorithm.
  if (header !== HEADER || body === undefined || signature === undefined || surplus !== undefined) return undefined;
  const offered = Buffer.from(signature, "base64url");
  const expected = mac(`${header}.${body}`, key);
  if (offered.length !== expected.length || !timingSafeEqual(offered, expected)) return undefined;
  const claims = JSON.parse(Buffer.from(body, "base64url").toString()) as Claims;
  if (claims.exp * 1_000 <= nowUnixMs) return undefined;
  const known: readonly Scope[] = SCOPES[claims.role];
  const scopes = claims.scope.split(" ").filter((scope): scope is Scope => known.some((one) => one === scope));
  return { clientId: claims.sub, role: claims.role, scopes: new Set(scopes) };
}

function mac(text: string, key: Uint8Array): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function toBase64Url(text: string): string {
  return Buffer.from(text).toString("base64url");
}
