import { spawnSync } from "node:child_process";
import { generatorProgram } from "./generator-program.ts";

/** What is signed before the measurement; see loadtest/generator/stock. */
export type StockOptions = {
  devices: readonly string[];
  envelopesPerDevice: number;
  /** Readings in each envelope. */
  readings: number;
  /** Of the first reading of each device. */
  startUnixMs: number;
  /** Between readings. */
  stepMs: number;
  powerW: number;
};

/** Signs envelopes into a file, and returns the SHA-256 of it: the same options always make the same bytes. */
export function signStock(path: string, options: StockOptions): string {
  const signed = spawnSync(generatorProgram(), ["sign", "-out", path], {
    input: JSON.stringify(options),
    encoding: "utf8",
  });
  if (signed.status !== 0) throw new Error(`nothing was signed: ${signed.stderr}`);
  return (JSON.parse(signed.stdout) as { sha256: string }).sha256;
}
