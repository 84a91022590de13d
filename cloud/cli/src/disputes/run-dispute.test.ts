import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/temporary-data.ts";
import { type PlayedDay, playDay } from "../simulate/play-day.ts";
import { type DisputeAct, runDispute } from "./run-dispute.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const EVENT_END = Date.UTC(2016, 0, 28, 12);
const SC1 = "story-1.district";
/** A day is played in seconds; on a machine with other work it takes a multiple of that. */
const DAY_TIMEOUT_MS = 600_000;
const DEVICE_IDS = ["d-home-h01", "d-ld04-household", "o-zone-1"];

const folder = temporaryFolder({ beforeEach, afterEach });

let played: PlayedDay;
let sc2Id: string;

/** One day, completed a moment ago; its windows for disputes are open. */
beforeAll(async () => {
  played = await playDay({ seed: "cli", hasFaults: false, deviceIds: DEVICE_IDS, readingPeriodMs: 900_000 });
  const [name = ""] = [...played.receipts.keys()].filter((each) => each.startsWith("district/"));
  sc2Id = (JSON.parse(played.receipts.get(name) ?? "") as { terms: { contractId: string } }).terms.contractId;
}, DAY_TIMEOUT_MS);

/** Runs the command while the world's clock goes on; gives what it printed. */
async function run(act: DisputeAct, options: { contractId?: string; as?: string; json?: boolean } = {}) {
  const { world } = played;
  let printed = "";
  const running = runDispute({ contractId: SC1, json: false, ...options }, act, {
    connect: async (member) => world.ledger.clientOf(member, world.clock),
    write: (text) => {
      printed += text;
    },
  });
  await Promise.allSettled([running, world.clock.advanceTo(world.clock.nowUnixMs() + MINUTE_MS)]);
  await running;
  return printed;
}

async function advanceTo(unixMs: number): Promise<void> {
  const { clock } = played.world;
  while (clock.nowUnixMs() < unixMs) await clock.advanceTo(clock.nowUnixMs() + MINUTE_MS);
}

describe("gridpact dispute", () => {
  it("shows a contract of either kind, and until when what may happen", async () => {
    const ofSc1 = await run({ kind: "show" });
    expect(ofSc1).toContain(`SC1 ${SC1}: completed, holds `);
    expect(ofSc1).toContain("its SC2 add up to the same");
    expect(ofSc1).toContain("2016-01-28 18:00 it can be opened");
    const { kind, dispute, contract } = JSON.parse(await run({ kind: "show" }, { contractId: sc2Id, json: true }));
    expect([kind, dispute, contract.state]).toEqual(["sc2", null, "completed"]);
    await expect(run({ kind: "show" }, { contractId: "nothing" })).rejects.toMatchObject({ code: "INPUT" });
  });

  it("opens a dispute in the name of the contract's node, and hands in a receipt's evidence", async () => {
    const text = await run({ kind: "open", reason: "a reading is missing" }, { contractId: sc2Id });
    expect(text).toContain("dispute    open, opened by vn:district: a reading is missing");
    const path = join(folder(), "receipt.json");
    writeFileSync(path, played.receipts.get(`district/${sc2Id.replaceAll(":", ".")}.json.gz`) ?? "");
    // It is what the contract was settled by, and no better than that.
    const again = run({ kind: "evidence", path }, { contractId: sc2Id });
    await expect(again).rejects.toMatchObject({ contractCode: "DISPUTE_EVIDENCE_WEAKER" });
    await expect(run({ kind: "evidence" }, { contractId: sc2Id })).rejects.toThrow("needs --file");
    writeFileSync(path, "no JSON");
    await expect(run({ kind: "evidence", path }, { contractId: sc2Id })).rejects.toThrow("holds no evidence");
  });

  it(
    "opens, evidences, rules and closes a dispute about an SC1, each in its time",
    async () => {
      await expect(run({ kind: "evidence" })).rejects.toThrow("add up to what it was settled from");
      expect(await run({ kind: "open", reason: "by hand" }, { as: "aggregator" })).toContain("opened by aggregator");
      const early = run({ kind: "rule", isUpheld: false });
      await expect(early).rejects.toMatchObject({ contractCode: "DISPUTE_EARLY" });
      // Two, one and one hours for the SC2, then two and one for the SC1; the auditor has one more.
      await advanceTo(EVENT_END + 7 * HOUR_MS + MINUTE_MS);
      expect(await run({ kind: "rule", isUpheld: false })).toContain("dispute    rejected");
      await expect(run({ kind: "close" })).rejects.toMatchObject({ contractCode: "DISPUTE_CLOSED" });
    },
    DAY_TIMEOUT_MS,
  );
});
