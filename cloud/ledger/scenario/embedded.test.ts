import { SeededRandom } from "@gridpact/host";
import { afterAll, beforeAll, describe, it } from "vitest";
import { openEmbeddedWorld } from "./embedded-world.ts";
import { openPlay, type Play, SCENARIO } from "./steps.ts";
import type { ScenarioWorld } from "./world.ts";

let world: ScenarioWorld;
let play: Play;

beforeAll(async () => {
  world = await openEmbeddedWorld(new SeededRandom("scenario"));
  play = await openPlay(world);
});

afterAll(() => world.close());

describe("an event on the embedded ledger", () => {
  it.each(SCENARIO)("$name", ({ run }) => run(play));
});
