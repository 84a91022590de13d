// Trains the matching policy on the earlier days of a folder of load data and writes it where the package reads it.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { trainPolicy } from "../src/matching/training/train-policy.ts";
import { readLoadProfiles } from "./load-profiles.ts";

const USAGE = `usage: npm run train:matching -- --data DIR [options]

Trains the matching policy on the earlier days of a folder of load data; the same seed gives the same policy.

  --seed N          (1)
  --generations N   of evolution strategies (16)
  --out FILE        (where the package reads it)
  --help            this text
`;

const { values } = parseArgs({
  options: {
    data: { type: "string" },
    seed: { type: "string", default: "1" },
    generations: { type: "string", default: "16" },
    help: { type: "boolean", default: false },
    out: { type: "string", default: join(import.meta.dirname, "../src/matching/trained-policy.json") },
  },
});

/** Past three hundred the error of foretold deliveries no longer falls. */
const LESSONS = 300;

/** Six digits: what is written is what decides, and further digits decide nothing. */
const rounded = (value: number) => Math.round(value * 1e6) / 1e6;

if (values.help) {
  process.stdout.write(USAGE);
} else if (values.data === undefined) {
  process.stderr.write(`--data is missing\n\n${USAGE}`);
  process.exitCode = 2;
} else {
  const [seed, generations] = [Number(values.seed), Number(values.generations)];
  const policy = trainPolicy(readLoadProfiles(values.data, "training"), {
    seed,
    generations,
    lessons: LESSONS,
    pairs: 16,
    worldsPerGeneration: 8,
    report: (generation, earned) => process.stdout.write(`generation ${generation}: ${earned.toFixed(4)}\n`),
  });
  const written = {
    command: `npm run train:matching -- --data DIR --seed ${seed} --generations ${generations}`,
    marginShare: rounded(policy.marginShare),
    marginPerSpread: rounded(policy.marginPerSpread),
    weights: Array.from(policy.weights, rounded),
  };
  writeFileSync(values.out, `${JSON.stringify(written, null, 2)}\n`);
}
