import { dsoEventInput } from "@gridpact/dr-openadr";
import { silentLog, VirtualClock } from "@gridpact/host";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { temporaryData } from "../../test/temporary-data.ts";
import { makeOpenAdrFiles } from "../consortium/openadr-files.ts";
import { storyEvent } from "../story/plan-story.ts";
import { MTU_MS, PROGRAMME, PROGRAMME_TERMS } from "../wiring/market.ts";
import { type Listening20b, listen20b, openDsoFeed20b } from "./openadr20b.ts";
import type { PartContext } from "./part.ts";

const data = temporaryData({ beforeEach, afterEach });
const NOW_UNIX_MS = Date.UTC(2016, 0, 28, 8);
const EVENT = storyEvent({ eventId: "story-1", startUnixMs: NOW_UNIX_MS + 7_200_000, reduceWMax: 40_000 });
const FEED = { venId: "aggregator", programmes: new Map([[PROGRAMME, PROGRAMME_TERMS]]), mtuMs: MTU_MS };

let dso: Listening20b;

/** The market's clock stands in 2016; TLS and signatures go by the machine's. */
function context(): PartContext {
  const listening = { host: "127.0.0.1", advertisedHost: "127.0.0.1", port: 0 };
  return { data: data(), clock: new VirtualClock(NOW_UNIX_MS), log: silentLog, listening } as unknown as PartContext;
}

function listen(): Promise<Listening20b> {
  const vens = [{ venId: "aggregator", party: "aggregator" }];
  return listen20b({ party: "dso", port: 0, pollFrequency: "PT10S", vens }, context());
}

beforeEach(async () => {
  const parties = ["dso", "aggregator", "vn-district"];
  makeOpenAdrFiles(data(), { parties, serverNames: ["localhost", "127.0.0.1"] });
  dso = await listen();
});

afterEach(() => dso.close());

const feedOf = (party: string, vtnParty = "dso") =>
  openDsoFeed20b({ ...FEED, party, vtn: { party: vtnParty, host: "127.0.0.1", port: dso.port } }, context());

describe("2.0b between two parts, signed and over mutual TLS", () => {
  it("brings the DSO's event to the aggregator, and the answer back", async () => {
    dso.vtn.createEvent(dsoEventInput(EVENT, { venId: "aggregator", programme: PROGRAMME }));
    const feed = feedOf("aggregator");
    await feed.opened.poll();
    expect(feed.opened.undecided()).toEqual([{ eventId: "story-1", read: { ok: true, event: EVENT } }]);
    await feed.opened.answer("story-1", { isAccepted: true, reason: "" });
    expect(dso.vtn.state.deliveryOf("aggregator", "story-1")?.answer?.optType).toBe("optIn");
    await feed.close();
  });

  it("remembers event and answer over a restart of either", async () => {
    dso.vtn.createEvent(dsoEventInput(EVENT, { venId: "aggregator", programme: PROGRAMME }));
    const first = feedOf("aggregator");
    await first.opened.poll();
    await first.opened.answer("story-1", { isAccepted: true, reason: "" });
    await first.close();
    await dso.close();
    dso = await listen();
    const second = feedOf("aggregator");
    await second.opened.poll();
    expect(second.opened.undecided()).toEqual([]);
    expect(second.opened.accepted()).toEqual(["story-1"]);
    await second.close();
  });

  it("does not let a party in that is not this VTN's VEN", async () => {
    const stranger = feedOf("vn-district");
    await expect(stranger.opened.poll()).rejects.toMatchObject({ code: "registration-refused" });
    await stranger.close();
  });

  it("does not talk to a VTN of another certificate than the one that was agreed on", async () => {
    const misled = feedOf("aggregator", "vn-district");
    await expect(misled.opened.poll()).rejects.toMatchObject({
      code: expect.stringMatching(/unreachable|foreign-peer/),
    });
    await misled.close();
  });
});
