import { AggregatorServer } from "@gridpact/aggregator";
import { SeededRandom, silentLog, VirtualClock } from "@gridpact/host";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { consortiumMembers, makeConsortium, memberOf, validityFor } from "../consortium/consortium.ts";
import { privateKeyPem } from "../consortium/consortium-files.ts";
import { SimulatedAggregator } from "../simulate/simulated-aggregator.ts";
import { SimulatedLedger } from "../simulate/simulated-ledger.ts";
import { storyEvent } from "../story/plan-story.ts";
import { OperatorClient } from "./operator-client.ts";

const NOW_UNIX_MS = Date.UTC(2016, 0, 28, 8);
const PLAN = storyEvent({ eventId: "story-1", startUnixMs: NOW_UNIX_MS + 7_200_000, reduceWMax: 40_000 });

let server: AggregatorServer;
let client: OperatorClient;

/** A real aggregator with its HTTP face; its ledger and its time are simulated. */
beforeEach(async () => {
  const clock = new VirtualClock(NOW_UNIX_MS);
  const random = new SeededRandom("operator");
  const validity = validityFor([clock]);
  const consortium = makeConsortium(consortiumMembers([], ["localhost"]), { random, clock, validity });
  const ledger = new SimulatedLedger(consortium, random.fork("ledger"), clock);
  const aggregator = new SimulatedAggregator(ledger, random.fork("aggregator"), clock);
  await ledger.start();
  await aggregator.start();
  const core = aggregator.core();
  if (core === undefined) throw new Error("the aggregator did not start");
  await core.register({ vnId: "district", feidCount: 3, importW: 50_000, reduceWMax: 40_000 });
  const identity = memberOf(consortium, "aggregator-server");
  const tls = { keyPem: privateKeyPem(identity), certificatePem: identity.certificatePem, clientAuthorityPems: [] };
  server = await AggregatorServer.listen(
    { vnApi: { host: "127.0.0.1", port: 0, tls }, operatorApi: { port: 0 } },
    { core, screenClock: new VirtualClock(0), log: silentLog },
  );
  client = new OperatorClient(server.operatorPort());
});

afterEach(() => server.close());

describe("the operator's client", () => {
  it("sees the virtual nodes with what they offer; prices are bigint", async () => {
    const nodes = await client.virtualNodes();
    expect(nodes.map(({ vnId, priceMicroPerWh }) => [vnId, priceMicroPerWh])).toEqual([
      ["district", 400n],
      ["offices", 450n],
    ]);
    expect(nodes.map(({ heartbeat }) => heartbeat?.profile.reduceWMax)).toEqual([40_000, undefined]);
  });

  it("plans an event and sees it as it was planned, also when it plans it again", async () => {
    const planned = await client.planEvent(PLAN);
    expect(planned).toMatchObject({ plan: PLAN, result: null });
    expect(await client.planEvent(PLAN)).toEqual(planned);
    expect(await client.event("story-1")).toEqual(planned);
  });

  it("gives the aggregator's refusal with its reason", async () => {
    await expect(client.event("story-2")).rejects.toMatchObject({
      code: "INPUT",
      message: expect.stringMatching(/^the aggregator answered 404: .*story-2/s),
    });
    const tooLate = storyEvent({ eventId: "late", startUnixMs: NOW_UNIX_MS, reduceWMax: 40_000 });
    await expect(client.planEvent(tooLate)).rejects.toThrow("the event must start in the future");
    await client.planEvent(PLAN);
    await expect(client.planEvent({ ...PLAN, penaltyMicroPerWh: 1n })).rejects.toThrow("answered 409");
  });

  it("fails when nobody listens", async () => {
    await server.close();
    await expect(client.virtualNodes()).rejects.toThrow("fetch failed");
  });
});
