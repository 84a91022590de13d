import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { systemRandom } from "@gridpact/host";
import { hashClientSecret, type RegisteredClient } from "@gridpact/openadr";
import { CliError } from "../cli-error.ts";
import { stateFolder } from "./state-folder.ts";

/** One client of a 3.1 VTN as its file names it: with its secret, or with the SHA-256 of it in hexadecimal. */
interface StoredClient {
  readonly clientId: string;
  readonly role: "bl" | "ven";
  readonly secret?: string;
  readonly secretSha256?: string;
}

/** Bytes of a generated secret: 192 bits. */
const SECRET_BYTES = 24;

/** Where the clients stand that the VTN makes by itself when none were named. */
export function clientsPath(dataPath: string): string {
  return stateFolder(dataPath, "clients.json");
}

/**
 * The clients of a 3.1 VTN. Without a file of the user's, one business logic `bl` and one VEN `ven` are made with
 * random secrets, once.
 * @throws CliError for a file that does not hold clients.
 */
export function readClients(path: string | undefined, dataPath: string): readonly RegisteredClient[] {
  if (path === undefined && !existsSync(clientsPath(dataPath))) writeNewClients(clientsPath(dataPath));
  return load(path ?? clientsPath(dataPath)).map(({ clientId, role, secret, secretSha256 }) => ({
    clientId,
    role,
    secretSha256: secretSha256 ?? hashClientSecret(secret ?? ""),
  }));
}

/**
 * The secret of a client: from a file of the user's, else what a VTN of the same data directory made. It comes by file,
 * as a flag would show it to everybody who lists processes.
 * @throws CliError when there is none.
 */
export function readSecret(clientId: string, secretPath: string | undefined, dataPath: string): string {
  if (secretPath !== undefined) return readFileSync(secretPath, "utf8").trim();
  const path = clientsPath(dataPath);
  const known = existsSync(path) ? load(path).find((client) => client.clientId === clientId) : undefined;
  if (known?.secret !== undefined) return known.secret;
  throw new CliError("INPUT", `the secret of ${clientId} is needed, in a file that the flags name (see --help)`);
}

function writeNewClients(path: string): void {
  const newSecret = () => Buffer.from(systemRandom.bytes(SECRET_BYTES)).toString("base64url");
  const clients: StoredClient[] = [
    { clientId: "bl", role: "bl", secret: newSecret() },
    { clientId: "ven", role: "ven", secret: newSecret() },
  ];
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(clients, null, 2)}\n`, { mode: 0o600 });
}

function load(path: string): readonly StoredClient[] {
  const clients = parse(path, readFileSync(path, "utf8"));
  const isValid = Array.isArray(clients) && clients.length > 0 && clients.every(isClient);
  if (isValid) return clients;
  throw new CliError("INPUT", `${path}: a list of {clientId, role: "bl" | "ven", secret or secretSha256} is needed`);
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CliError("INPUT", `${path} is no JSON`, error);
  }
}

function isClient(value: unknown): value is StoredClient {
  if (typeof value !== "object" || value === null) return false;
  const { clientId, role, secret, secretSha256 } = value as Partial<StoredClient>;
  const hasSecret = typeof secret === "string" ? secret !== "" : /^[0-9a-f]{64}$/.test(String(secretSha256));
  return typeof clientId === "string" && (role === "bl" || role === "ven") && hasSecret;
}
