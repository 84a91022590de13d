import { readFile } from "node:fs/promises";
import { newId, systemRandom } from "../clock.ts";
import { type Credentials, createHttpProbe3, runConformance3 } from "../conformance3/index.ts";
import type { CheckResult } from "../conformance20b/index.ts";

/** The VTN to hold against the specification, and two clients of it. */
export interface CheckConformance3Options {
  /** Any 3.1 VTN: what stands in front of `/programs`. */
  readonly url: string;
  readonly bl: Credentials;
  readonly ven: Credentials;
  /** PEM; absent: the authorities that the system trusts. */
  readonly caPath?: string;
}

/** Holds any 3.1 VTN against the specification, with two clients of it. Rejects when a file cannot be read. */
export async function checkConformance3(options: CheckConformance3Options): Promise<readonly CheckResult[]> {
  const { url, bl, ven, caPath } = options;
  const caPem = caPath === undefined ? undefined : await readFile(caPath, "utf8");
  const probe = createHttpProbe3(url.replace(/\/$/, ""), caPem);
  try {
    return await runConformance3(probe, { bl, ven, run: newId("run", systemRandom) });
  } finally {
    await probe.close();
  }
}
