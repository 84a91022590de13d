import { type AggregatorCore, AggregatorServer } from "@gridpact/aggregator";
import { SeededRandom, silentLog, VirtualClock } from "@gridpact/host";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { consortiumMembers, makeConsortium, memberOf, validityFor } from "../consortium/consortium.ts";
import { privateKeyPem } from "../consortium/consortium-files.ts";
import { PERFECT_NETWORK, SimulatedNetwork } from "../simulate/network.ts";
import { SimulatedAggregator } from "../simulate/simulated-aggregator.ts";
import { SimulatedDso } from "../simulate/simulated-dso.ts";
import { SimulatedLedger } from "../simulate/simulated-ledger.ts";
import { storyEvent } from "../story/plan-story.ts";
import { OperatorClient } from "./operator-client.ts";

const NOW_UNIX_MS = Date.UTC(2016, 0, 28, 8);
const PLAN = storyEvent({ eventId: "story-1", startUnixMs: NOW_UNIX_MS + 7_200_000, reduceWMax: 40_000 });

let server: AggregatorServer;
let client: OperatorClient;
let core: AggregatorCore;

/** A real aggregator with its HTTP face; its ledger and its time are simulated. */
beforeEach(async () => {
  const clock = new VirtualClock(NOW_UNIX_MS);
  const random = new SeededRandom("operator");
  const validity = validityFor([clock]);
  const consortium = makeConsortium(consortiumMembers([], ["localhost"]), { random, clock, validity });
  const ledger = new SimulatedLedger(consortium, random.fork("ledger"), clock);
  const network = new SimulatedNetwork(random.fork("network"), clock, PERFECT_NETWORK);
  const dso = new SimulatedDso(random.fork("dso"), clock);
  const aggregator = new SimulatedAggregator({ ledger, dso, network, random: random.fork("aggregator"), world: clock });
  await ledger.start();
  await aggregator.start();
  const living = aggregator.core();
  if (living === undefined) throw new Error("the aggregator did not start");
  core = living;
  await core.register({ vnId: "district", feidCount: 3, importW: 50_000, reduceWMax: 40_000, reboundPerMille: 500 });
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

  it("sees an event as it was planned, and none before", async () => {
    expect(await client.event("story-1")).toBeUndefined();
    const planned = await core.planEvent(PLAN);
    expect(planned).toMatchObject({ plan: PLAN, result: null });
    expect(await client.event("story-1")).toEqual(planned);
  });

  it("gives the aggregator's refusal with its reason", async () => {
    await expect(client.event("not an id")).rejects.toMatchObject({
      code: "INPUT",
      message: expect.stringMatching(/^the aggregator answered 400/),
    });
  });

  it("says what to start when nobody listens, whatever was asked", async () => {
    await server.close();
    const refusal = { code: "PROCESS_ENDED", message: expect.stringContaining("gridpact aggregator") };
    await expect(client.virtualNodes()).rejects.toMatchObject(refusal);
    await expect(client.cancelMove("a")).rejects.toMatchObject(refusal);
  });
});
