import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import type { Disk, Random } from "@gridpact/host";
import { isDeviceId } from "@gridpact/proto";

/** What a token allows: one device, at one feeder (or bus group) of the grid. */
export type TokenGrant = {
  deviceId: string;
  feeder: string;
  /** Only for a device of another node: its Ed25519 key, hex. The token is of no use to whoever has not this key. */
  publicKeyHex?: string;
};

/** 192 bits: nobody guesses it, and it fits a line of text. */
const TOKEN_BYTES = 24;

const DIRECTORY = "enrolment/tokens";

/** As the engine takes it: it becomes a tag of line protocol, which has no escape for a backslash. */
const FEEDER_PATTERN = /^[^\p{Cc}\\]{1,64}$/u;

/**
 * Makes a token with which one device may enrol once. Only its hash is kept, each in a file of its own (readable by
 * the owner only), so that an operator's command may issue tokens beside the running virtual node.
 */
export async function issueEnrolmentToken(grant: TokenGrant, modules: { disk: Disk; random: Random }): Promise<string> {
  assertGrant(grant);
  const token = Buffer.from(modules.random.bytes(TOKEN_BYTES)).toString("base64url");
  await modules.disk.replace(pathOf(token), Buffer.from(JSON.stringify(grant)));
  return token;
}

/** What an unused token allows; undefined when there is no such token, or it was used. */
export async function findEnrolmentToken(disk: Disk, token: string): Promise<TokenGrant | undefined> {
  const bytes = await disk.read(pathOf(token));
  if (bytes === undefined) return undefined;
  const grant = JSON.parse(Buffer.from(bytes).toString()) as TokenGrant;
  assertGrant(grant);
  return grant;
}

/** Removes it for good, durably. MUST come after the device is in the registry: in between, the token is all it has. */
export async function useUpEnrolmentToken(disk: Disk, token: string): Promise<void> {
  await disk.remove(pathOf(token));
}

/** Withdraws the tokens of a device of another node: from now on they enrol nobody. */
export async function withdrawArrivalTokens(disk: Disk, deviceId: string): Promise<void> {
  for (const name of await disk.list(DIRECTORY)) {
    const path = `${DIRECTORY}/${name}`;
    const bytes = await disk.read(path);
    // Used up since the directory was listed.
    if (bytes === undefined) continue;
    const grant = JSON.parse(Buffer.from(bytes).toString()) as TokenGrant;
    if (grant.deviceId === deviceId && grant.publicKeyHex !== undefined) await disk.remove(path);
  }
}

/** A name of a token that does not give it away. */
export function tokenName(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** A token is the operator's word; a wrong one is caught here, not after the device is in the registry. */
function assertGrant({ deviceId, feeder }: TokenGrant): void {
  assert(isDeviceId(deviceId), `not a device id: ${deviceId}`);
  assert(FEEDER_PATTERN.test(feeder), `not the name of a feeder: ${feeder}`);
}

function pathOf(token: string): string {
  return `${DIRECTORY}/${tokenName(token)}.json`;
}
