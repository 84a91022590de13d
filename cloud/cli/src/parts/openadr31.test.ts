import { silentLog, VirtualClock } from "@gridpact/host";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { temporaryData } from "../../test/temporary-data.ts";
import { makeOpenAdrFiles } from "../consortium/openadr-files.ts";
import { publishDsoEvent } from "../demo/publish-dso-event.ts";
import { storyEvent } from "../story/plan-story.ts";
import { MTU_MS, PROGRAMME, PROGRAMME_TERMS } from "../wiring/market.ts";
import { type Listening31, listen31, openDsoFeed31 } from "./openadr31.ts";
import type { PartContext } from "./part.ts";

const data = temporaryData({ beforeEach, afterEach });
const NOW_UNIX_MS = Date.UTC(2016, 0, 28, 8);
const EVENT = storyEvent({ eventId: "story-1", startUnixMs: NOW_UNIX_MS + 7_200_000, reduceWMax: 40_000 });

let dso: Listening31;

function context(): PartContext {
  const listening = { host: "127.0.0.1", advertisedHost: "127.0.0.1", port: 0 };
  return { data: data(), clock: new VirtualClock(NOW_UNIX_MS), log: silentLog, listening } as unknown as PartContext;
}

beforeEach(async () => {
  const parties = ["dso", "aggregator", "vn-district"];
  makeOpenAdrFiles(data(), { parties, serverNames: ["localhost", "127.0.0.1"] });
  const clients = [
    { clientId: "dso", party: "dso", role: "bl" },
    { clientId: "aggregator", party: "aggregator", role: "ven" },
  ] as const;
  dso = await listen31({ party: "dso", port: 0, clients }, context());
});

afterEach(() => dso.close());

function feedOf(party: string) {
  const vtn = { party: "dso", host: "127.0.0.1", port: dso.port };
  const programmes = new Map([[PROGRAMME, PROGRAMME_TERMS]]);
  return openDsoFeed31({ party, vtn, programmes, mtuMs: MTU_MS }, context());
}

describe("3.1 between two parts, over TLS with client secrets", () => {
  it("brings the DSO's event to the aggregator, and the answer back", async () => {
    await publishDsoEvent(EVENT, { profile: "3.1", ports: { vtn: dso.port, admin: 0 } }, context());
    const feed = feedOf("aggregator");
    await feed.opened.poll();
    expect(feed.opened.undecided()).toEqual([{ eventId: "story-1", read: { ok: true, event: EVENT } }]);
    await feed.opened.answer("story-1", { isAccepted: true, reason: "" });
    expect(feed.opened.accepted()).toEqual(["story-1"]);
    expect([...dso.vtn.state.tables.reports.values()]).toMatchObject([
      { clientID: "aggregator", reportName: "answer" },
    ]);
    await feed.close();
  });

  it("does not let a party in that is no client of this VTN", async () => {
    const stranger = feedOf("vn-district");
    await expect(stranger.opened.poll()).rejects.toMatchObject({ code: "unauthorized" });
    await stranger.close();
  });
});
