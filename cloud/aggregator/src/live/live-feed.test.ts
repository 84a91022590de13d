import { EventEmitter } from "node:events";
import type { ServerResponse } from "node:http";
import { VirtualClock } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import { LIVE_VIEWERS_MAX, LiveFeed } from "./live-feed.ts";

/** As much of a response as the feed uses. */
class Screen extends EventEmitter {
  readonly written: string[] = [];
  writableLength = 0;
  isEnded = false;
  writeHead() {}
  write(text: string) {
    this.written.push(text);
  }
  end() {
    this.isEnded = true;
  }
}

function setUp() {
  const clock = new VirtualClock(0);
  const state = { document: "1" };
  const feed = new LiveFeed({ clock, periodMs: 1_000, render: () => state.document });
  const add = () => {
    const screen = new Screen();
    const isTaken = feed.add(screen as unknown as ServerResponse);
    return { screen, isTaken };
  };
  return { clock, state, feed, add };
}

describe("LiveFeed", () => {
  it("sends the newest document at once, and again only when it has changed", async () => {
    const { clock, state, add } = setUp();
    const { screen } = add();
    await clock.advanceTo(3_000);
    state.document = "2";
    await clock.advanceTo(4_000);
    expect(screen.written.filter((text) => text.startsWith("event"))).toEqual([
      "event: live\ndata: 1\n\n",
      "event: live\ndata: 2\n\n",
    ]);
  });

  it("keeps a silent connection open", async () => {
    const { clock, add } = setUp();
    const { screen } = add();
    await clock.advanceTo(30_000);
    expect(screen.written.at(-1)).toBe(": still here\n\n");
  });

  it("leaves documents out for a viewer that does not read", async () => {
    const { clock, state, add } = setUp();
    const { screen } = add();
    screen.writableLength = 1024 * 1024 + 1;
    state.document = "2";
    await clock.advanceTo(1_000);
    expect(screen.written).toHaveLength(1);
  });

  it("takes as many viewers as it may and not one more, and takes another when one leaves", () => {
    const { feed, add } = setUp();
    const first = add();
    for (let index = 1; index < LIVE_VIEWERS_MAX; index++) expect(add().isTaken).toBe(true);
    expect(add().isTaken).toBe(false);
    first.screen.emit("close");
    expect(add().isTaken).toBe(true);
    feed.close();
    expect(feed.viewerCount()).toBe(0);
  });
});
