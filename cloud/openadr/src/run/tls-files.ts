import { readFile } from "node:fs/promises";
import type { TlsMaterial } from "../exchange/index.ts";

/** Paths of PEM files. */
export interface TlsFiles {
  readonly certificatePath: string;
  readonly privateKeyPath: string;
  readonly caPath: string;
}

/** Rejects with the system's error when a file cannot be read. */
export async function readTlsFiles({ certificatePath, privateKeyPath, caPath }: TlsFiles): Promise<TlsMaterial> {
  const paths = [certificatePath, privateKeyPath, caPath];
  const [certificatePem, privateKeyPem, caPem] = (await Promise.all(paths.map((path) => readFile(path, "utf8")))) as [
    string,
    string,
    string,
  ];
  return { certificatePem, privateKeyPem, caPem };
}

/** A certificate and its key alone, for servers whose clients need none. Rejects like `readTlsFiles`. */
export async function readKeyPair({
  certificatePath,
  privateKeyPath,
}: Pick<TlsFiles, "certificatePath" | "privateKeyPath">): Promise<
  Pick<TlsMaterial, "certificatePem" | "privateKeyPem">
> {
  const [certificatePem, privateKeyPem] = await Promise.all([
    readFile(certificatePath, "utf8"),
    readFile(privateKeyPath, "utf8"),
  ]);
  return { certificatePem, privateKeyPem };
}
