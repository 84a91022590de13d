import { createHash, timingSafeEqual } from "node:crypto";

/** What a client may do [OADR3.1 securitySchemes]. */
export const SCOPES = {
  bl: ["read_all", "write_programs", "write_events", "write_subscriptions", "write_vens"],
  ven: ["read_targets", "read_ven_objects", "write_reports", "write_subscriptions", "write_vens"],
} as const;

/** Business logic (`bl`) or a VEN [OADR3.1 securitySchemes]. */
export type Role = keyof typeof SCOPES;
/** One right that a token can carry [OADR3.1 securitySchemes]. */
export type Scope = (typeof SCOPES)[Role][number];

/** A client as the operator registers it, outside of OpenADR. */
export interface RegisteredClient {
  readonly clientId: string;
  /** SHA-256 of the secret in hexadecimal. Secrets are random machine keys, for which no slow hash is needed. */
  readonly secretSha256: string;
  readonly role: Role;
}

/** The client behind a request, as its token proves it. */
export interface Client {
  readonly clientId: string;
  readonly role: Role;
  readonly scopes: ReadonlySet<Scope>;
}

/** A registered client with all that its role may do. */
export function clientOf({ clientId, role }: Pick<RegisteredClient, "clientId" | "role">): Client {
  return { clientId, role, scopes: new Set<Scope>(SCOPES[role]) };
}

/** What to keep of a secret: SHA-256 in hexadecimal. */
export function hashClientSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** Finds the client with this secret, in a time that does not depend on where a wrong secret differs. */
export function authenticate(
  clients: readonly RegisteredClient[],
  clientId: string,
  secret: string,
): RegisteredClient | undefined {
  const client = clients.find((registered) => registered.clientId === clientId);
  const offered = Buffer.from(hashClientSecret(secret), "hex");
  const expected = Buffer.from(client?.secretSha256 ?? hashClientSecret(""), "hex");
  const isRight = expected.length === offered.length && timingSafeEqual(offered, expected);
  return isRight ? client : undefined;
}

/** The scopes of a role that were asked for; all of them when none were named. */
export function grantScopes(role: Role, requested: string | undefined): readonly Scope[] {
  const granted: readonly Scope[] = SCOPES[role];
  const wanted = (requested ?? "").split(" ").filter(Boolean);
  return wanted.length === 0 ? granted : granted.filter((scope) => wanted.includes(scope));
}
