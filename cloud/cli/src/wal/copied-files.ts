import { createHash } from "node:crypto";
import type { Disk } from "@gridpact/host";
import { CliError } from "../cli-error.ts";

/** A file as it was copied. */
export type CopiedFile = { path: string; sizeBytes: number; sha256Hex: string };

/** Writes a file durably and says what it is. */
export async function writeCopy(disk: Disk, path: string, bytes: Uint8Array): Promise<CopiedFile> {
  await disk.replace(path, bytes);
  return { path, sizeBytes: bytes.length, sha256Hex: sha256Hex(bytes) };
}

/**
 * The bytes of a copied file.
 * @throws CliError when they are not what was copied.
 */
export async function readCopy(disk: Disk, { path, sizeBytes, sha256Hex: expected }: CopiedFile): Promise<Uint8Array> {
  const bytes = await disk.read(path);
  if (bytes?.length !== sizeBytes || sha256Hex(bytes) !== expected) {
    throw new CliError("INPUT", `${path} of the copy is not what was copied`);
  }
  return bytes;
}

function sha256Hex(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
