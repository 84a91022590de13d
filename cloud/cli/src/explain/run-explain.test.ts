import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { copyChoices } from "../../test/kept-choices.ts";
import { playedDay } from "../../test/played-day.ts";
import { openDataDirectory } from "../process/data-directory.ts";
import { runExplain } from "./run-explain.ts";

/** Of the story that every simulated day plays. */
const EVENT = "story-1";

let folder = "";
let dataDirectory = "";
let written = "";
const write = (text: string) => {
  written += text;
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "gridpact-explain-"));
  dataDirectory = openDataDirectory(join(folder, "run"), { isFresh: false }).root;
  const { partyDisks } = await playedDay("explain");
  for (const [party, disk] of partyDisks) await copyChoices(disk, join(dataDirectory, party, "agent"));
}, 120_000);
beforeEach(() => {
  written = "";
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("gridpact explain", () => {
  it("says of each prosumer why it was called or not, and that the choice comes out the same", async () => {
    expect(await runExplain({ eventId: EVENT, dataDirectory, json: false }, write)).toBe(0);
    expect(written).toContain("SAME");
    expect(written).toMatch(/^ {2}d-\S+ +called +chosen before the event, rank 1 of 4/m);
    expect(written).toMatch(/^event story-1 at offices: 2 candidates/m);
    expect(written).toMatch(/regret \d+\.\d\d EUR/);
  });

  it("says more of one prosumer", async () => {
    expect(await runExplain({ eventId: EVENT, dataDirectory, deviceId: "d-home-h01", json: false }, write)).toBe(0);
    expect(written).toContain("d-home-h01: ");
    expect(written).toContain("fair by what it offers");
    expect(written).not.toContain("d-ld33");
  });

  it("writes one line of JSON for machines", async () => {
    await runExplain({ eventId: EVENT, dataDirectory, deviceId: "o-zone-1", json: true }, write);
    expect(written.trim().split("\n")).toHaveLength(1);
    const { choices } = JSON.parse(written);
    expect(choices).toMatchObject([{ vnId: "offices", replay: { isSame: true } }]);
    expect(choices[0].explanations.map(({ deviceId }: { deviceId: string }) => deviceId)).toEqual(["o-zone-1"]);
  });

  it.each([
    ["an event that nobody was asked for", { eventId: "midnight" }],
    ["a prosumer that no node knows", { eventId: EVENT, deviceId: "d-zz" }],
  ])("refuses %s", async (_, options) => {
    await expect(runExplain({ ...options, dataDirectory, json: false }, write)).rejects.toMatchObject({
      code: "INPUT",
    });
  });

  it("finds a record that was changed", async () => {
    const directory = join(dataDirectory, "vn-district", "agent", "choices");
    const [file = ""] = readdirSync(directory).map((name) => join(directory, name));
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace('"reliabilityPerMille":', '"reliabilityPerMille":1'));
    expect(await runExplain({ eventId: EVENT, dataDirectory, json: false }, write)).toBe(1);
    expect(written).toContain("DIFFERENT (inputs_changed)");
    writeFileSync(file, text);
  });
});
