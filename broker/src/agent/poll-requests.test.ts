import { loadSolver } from "@gridpact/flexibility";
import { SeededRandom, SimulatedDisk, silentLog } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import { DEFAULT_AGENT_OPTIONS } from "./agent-options.ts";
import { ChoiceStore } from "./choice/index.ts";
import { InlineDispatcher } from "./dispatch/index.ts";
import { type EventDocument, EventStore } from "./document/index.ts";
import { EventPlanner } from "./plan/index.ts";
import { ACTIVE_EVENTS_MAX, pollRequests } from "./poll-requests.ts";
import { ProsumerBook } from "./prosumer/index.ts";
import { drRequest, START } from "./test/agent-bench.ts";

/** A node without devices and with a number of running events, to which one more request comes. */
async function setUp(runningCount: number) {
  const events = await EventStore.open(new SimulatedDisk(new SeededRandom("poll")));
  for (let index = 0; index < runningCount; index++) {
    const request = drRequest(1n, { requestId: `r-${index}` });
    await events.save({ request, phase: "running", assignments: [], nominatedWh: [] } as unknown as EventDocument);
  }
  const modules = {
    aggregator: { pollRequests: async () => [drRequest(1n, { requestId: "new" })] },
    clock: { nowUnixMs: () => START - 3_600_000 },
    devices: () => [],
    feederLimits: () => [],
    ledger: { chainInfo: async () => ({ height: 7 }) },
    log: silentLog,
  };
  const options = {
    ...DEFAULT_AGENT_OPTIONS,
    vnId: "district",
  };
  const disk = new SimulatedDisk(new SeededRandom("poll"));
  const books = {
    planner: new EventPlanner(),
    dispatcher: new InlineDispatcher(await loadSolver()),
    prosumers: await ProsumerBook.open(disk),
    choices: await ChoiceStore.open(disk),
  };
  return { options, modules, events, ...books } as unknown as Parameters<typeof pollRequests>[0];
}

describe("the polling of requests", () => {
  it("plans a request while there is room for one more event", async () => {
    const context = await setUp(ACTIVE_EVENTS_MAX - 1);
    await pollRequests(context);
    expect(context.events.has("new")).toBe(true);
  });

  it("leaves it open at the bound, since an event may end before the answer is due", async () => {
    const context = await setUp(ACTIVE_EVENTS_MAX);
    await pollRequests(context);
    expect(context.events.has("new")).toBe(false);
  });

  it("plans a request once, however often it is fetched", async () => {
    const context = await setUp(0);
    await pollRequests(context);
    const [planned] = context.events.list();
    await pollRequests(context);
    expect(context.events.list()[0]).toBe(planned);
    expect(planned).toMatchObject({ phase: "planned", plannedAtHeight: 7 });
  });
});
