/** What CPU of a virtual node's host is spent on; see docs/performance.md for what each can be brought down to. */
export const COST_CLASSES = [
  "signatures",
  "hashing",
  "rest of the engine",
  "TLS",
  "kernel",
  "garbage collection and compilation",
  "JavaScript and Node.js",
] as const;

export type CostClass = (typeof COST_CLASSES)[number];

/** Of the sampled CPU, 0 to 1; together 1 but for what perf leaves out of its report. */
export type CostShares = Record<CostClass, number>;

/** One line of perf's report: share of all samples, thread, library, function. */
type Sample = { percent: number; thread: string; library: string; symbol: string };

/** In this order: the first that fits is it. */
const RULES: readonly { costClass: CostClass; fits: (sample: Sample) => boolean }[] = [
  { costClass: "hashing", fits: ({ symbol }) => /sha2::|sha256|sha512|SHA256|SHA512/.test(symbol) },
  { costClass: "signatures", fits: ({ symbol }) => /ed25519|curve25519|edwards/i.test(symbol) },
  { costClass: "kernel", fits: ({ library }) => library.startsWith("[kernel") },
  // A thread's name has fifteen characters.
  { costClass: "TLS", fits: ({ thread }) => thread.startsWith("gridpact-doorwa") },
  { costClass: "rest of the engine", fits: ({ thread, library }) => /engine/.test(thread) || /native/.test(library) },
  { costClass: "garbage collection and compilation", fits: ({ thread }) => /^V8Worker/.test(thread) },
  { costClass: "TLS", fits: ({ symbol }) => /aes|gcm|ssl|tls|EVP_|CRYPTO_|BIO_/i.test(symbol) },
  { costClass: "JavaScript and Node.js", fits: () => true },
];

/**
 * Adds up a report of `perf report --sort comm,dso,symbol --field-separator ;` by what the CPU was spent on. SHA-512
 * inside a signature counts as hashing where it has a function of its own.
 */
export function costShares(report: string): CostShares {
  const shares = Object.fromEntries(COST_CLASSES.map((each) => [each, 0])) as CostShares;
  for (const sample of samplesOf(report)) {
    const rule = RULES.find(({ fits }) => fits(sample));
    if (rule !== undefined) shares[rule.costClass] += sample.percent / 100;
  }
  return shares;
}

function samplesOf(report: string): Sample[] {
  return report.split("\n").flatMap((line) => {
    const [percent = "", thread = "", library = "", symbol = ""] = line.split(";").map((field) => field.trim());
    return /^\d+\.\d+%?$/.test(percent) ? [{ percent: Number.parseFloat(percent), thread, library, symbol }] : [];
  });
}
