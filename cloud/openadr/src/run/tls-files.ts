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
