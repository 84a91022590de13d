import { systemClock, systemRandom } from "../clock.ts";
import { type CheckResult, createHttpProbe, runConformance } from "../conformance20b/index.ts";
import { signingIdentity } from "../exchange/index.ts";
import { MemoryNonceStore } from "../signature/index.ts";
import { readTlsFiles, type TlsFiles } from "./tls-files.ts";

/** The VTN to hold against the profile, and as whom to come. */
export interface CheckConformanceOptions {
  /** Any 2.0b VTN, up to and including `/OpenADR2/Simple/2.0b`. */
  readonly url: string;
  /** A certificate that the VTN lets register. */
  readonly tls?: TlsFiles;
  readonly isSigning?: boolean;
}

/** Holds any VTN against the profile, as far as that can be seen from outside. Rejects when a file cannot be read. */
export async function checkConformance(options: CheckConformanceOptions): Promise<readonly CheckResult[]> {
  const tls = options.tls === undefined ? undefined : await readTlsFiles(options.tls);
  if (options.isSigning === true && tls === undefined) throw new TypeError("signing needs a certificate and its key");
  const signing = options.isSigning === true && tls !== undefined ? signingIdentity(tls) : undefined;
  const security = { signing, nonces: new MemoryNonceStore(), clock: systemClock, random: systemRandom };
  const probe = createHttpProbe({ url: options.url, tls }, security);
  try {
    return await runConformance(probe);
  } finally {
    await probe.close();
  }
}
