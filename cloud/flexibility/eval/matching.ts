/** Plays seeded events on real load profiles with the policy, the greedy rule and the clairvoyant linear program. */
import { clairvoyantValue, matchByPolicy, matchGreedily, TRAINED_POLICY } from "../src/matching/index.ts";
import {
  type LoadProfile,
  MatchingWorld,
  playWorld,
  type WorldEvent,
} from "../src/matching/training/matching-world.ts";
import type { EvalReport } from "./eval-report.ts";
import { readLoadProfiles } from "./load-profiles.ts";
import { pairedTest } from "./paired-test.ts";

const WORLDS_PER_LEVEL = 16;
const EVENTS_PER_WORLD = 8;
/** Apart from every seed of the training. */
const FIRST_SEED = 7_000_000;

const LEVELS = [
  { level: "devices within a node", profilesPerSupplier: 1, supplierCount: 40 },
  { level: "nodes among others", profilesPerSupplier: 5, supplierCount: 20 },
] as const;

type EventScore = { policy: number; greedy: number; clairvoyant: number; delivered: number; deliveredGreedily: number };

/** On profiles of the data's evaluation part only; the policy has seen none of them. */
export async function evaluateMatching(dataDir: string): Promise<EvalReport> {
  const profiles = readLoadProfiles(dataDir, "evaluation");
  const rows: Record<string, string | number | boolean | null>[] = [];
  const all: EventScore[] = [];
  for (const { level, ...shape } of LEVELS) {
    const scores: EventScore[] = [];
    for (let world = 0; world < WORLDS_PER_LEVEL; world += 1) {
      const unreliableShare = 0.1 + (0.3 * world) / (WORLDS_PER_LEVEL - 1);
      const found = await worldScores(profiles, { ...shape, unreliableShare, seed: FIRST_SEED + world });
      scores.push(...found);
      rows.push(...found.map((score, event) => eventRow(`${level}, world ${world}, event ${event}`, score)));
    }
    all.push(...scores);
    rows.push(summaryRow(level, scores));
  }
  rows.push(summaryRow("all", all));
  return {
    title: "Matching: who is called, when some do not deliver (10 to 40 % unreliable)",
    rows,
    remarks: [
      "value, in parts of the request: paid up to the request, charged for what is missing, less the suppliers' costs.",
      "regret: value that was missed against the clairvoyant program, which knows every delivery beforehand.",
      "p: one-sided paired test that the policy's mean value is above greedy's. Training never saw these days.",
    ],
  };
}

async function worldScores(
  profiles: readonly LoadProfile[],
  shape: { seed: number; supplierCount: number; unreliableShare: number; profilesPerSupplier: number },
): Promise<EventScore[]> {
  const world = new MatchingWorld({ ...shape, eventCount: EVENTS_PER_WORLD }, profiles);
  const policy = playWorld(world, (request) => matchByPolicy(request, TRAINED_POLICY));
  const greedy = playWorld(world, matchGreedily);
  const scores: EventScore[] = [];
  for (const [event, played] of world.events.entries()) {
    const [ours, theirs] = [policy[event], greedy[event]];
    if (ours === undefined || theirs === undefined || ours.requestedWh === 0) continue;
    scores.push({
      policy: ours.value / ours.requestedWh,
      greedy: theirs.value / ours.requestedWh,
      clairvoyant: (await bestValue(played)) / ours.requestedWh,
      delivered: ours.deliveredWh / ours.requestedWh,
      deliveredGreedily: theirs.deliveredWh / ours.requestedWh,
    });
  }
  return scores;
}

async function bestValue({ units }: WorldEvent): Promise<number> {
  let value = 0;
  for (const { request, truth } of units) value += await clairvoyantValue(request, truth);
  return value;
}

function eventRow(event: string, score: EventScore) {
  return {
    event,
    events: 1,
    delivered: score.delivered,
    "delivered, greedy": score.deliveredGreedily,
    value: score.policy,
    "value, greedy": score.greedy,
    "value, clairvoyant": score.clairvoyant,
    "of clairvoyant": score.policy / score.clairvoyant,
    regret: score.clairvoyant - score.policy,
    "regret, greedy": score.clairvoyant - score.greedy,
    p: null,
  };
}

function summaryRow(level: string, scores: readonly EventScore[]) {
  const mean = (key: keyof EventScore) => scores.reduce((sum, score) => sum + score[key], 0) / scores.length;
  const means = {
    policy: mean("policy"),
    greedy: mean("greedy"),
    clairvoyant: mean("clairvoyant"),
    delivered: mean("delivered"),
    deliveredGreedily: mean("deliveredGreedily"),
  };
  const { p } = pairedTest(scores.map(({ policy, greedy }) => policy - greedy));
  return { ...eventRow(`MEAN of ${level}`, means), events: scores.length, p };
}
