/** What the page works on: whom is trusted, and files that are checked one after the other. */
import {
  BlockProver,
  type Consortium,
  certificateFacts,
  type OpenedReceipt,
  type OpenedVerdict,
  openUnpacked,
  openVerdict,
  parseTrust,
  TrustError,
} from "@gridpact/ledger/receipts";
import { unpackFile } from "./unpack-file.ts";

/** Files taken at once: a season of a household is some hundred receipts. */
export const FILES_MAX = 1_000;

/** Of one file as it lies there; the largest receipt is a hundredth of it. */
export const FILE_BYTES_MAX = 64 * 1024 * 1024;

/** What became of a dropped file; `kind` is by what it means to be, and says nothing about whether it holds. */
export type Checked =
  | { kind: "trust"; name: string; consortium: Consortium }
  | { kind: "receipt"; name: string; opened: OpenedReceipt }
  | { kind: "verdict"; name: string; opened: OpenedVerdict }
  /** Not looked into, and why. */
  | { kind: "refused"; name: string; words: string };

/** Whom to trust changes what receipts are worth, so each desk has one trust for good. */
export class Desk {
  readonly consortium: Consortium;
  readonly #prover: BlockProver;

  constructor(consortium: Consortium) {
    this.consortium = consortium;
    this.#prover = new BlockProver(consortium);
  }

  /** Checks one file. What is wrong with it is in what is returned: no file makes it throw. */
  async check(name: string, bytes: Uint8Array): Promise<Exclude<Checked, { kind: "trust" }>> {
    const unpacked = await unpackFile(bytes);
    const text = unpacked === undefined ? undefined : plainText(unpacked);
    if (kindOf(text) === "verdict") return { kind: "verdict", name, opened: openVerdict(text ?? "", this.consortium) };
    return { kind: "receipt", name, opened: openUnpacked(unpacked, this.#prover) };
  }
}

/** By its fields, never by its name, which is whatever the sender called it. */
export type FileKind = "trust" | "verdict" | "receipt";

/** What a file means to be; whether it is that is for its check to say. Anything else is checked as a receipt. */
export function kindOf(text: string | undefined): FileKind {
  const value = text === undefined ? undefined : parsedOrNone(text);
  if (typeof value !== "object" || value === null) return "receipt";
  if ("verdictText" in value) return "verdict";
  return "organisations" in value && "orderers" in value ? "trust" : "receipt";
}

/**
 * Reads whom to trust, for a browser: beside what `parseTrust` asks for, every authority has a key of a kind that this
 * page can check.
 * @throws TrustError
 */
export function readTrust(text: string): Consortium {
  const consortium = parseTrust(text);
  for (const { mspId, authorityPem } of consortium.organisations) {
    if (certificateFacts(authorityPem).keyKind !== "other") continue;
    throw new TrustError(`${mspId}: its authority's key is neither Ed25519 nor P-256; use gridpact verify`);
  }
  return consortium;
}

/** A verdict lists at most a thousand findings of each kind, of four thousand characters; this is thrice as much. */
const PARSED_CHARS_MAX = 32 * 1024 * 1024;

function parsedOrNone(text: string): unknown {
  // A receipt's text begins so, and is too long to be parsed twice.
  if (text.length > PARSED_CHARS_MAX || text.startsWith('{"anchors":')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // No JSON is no trust file and no verdict.
  }
}

function plainText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
