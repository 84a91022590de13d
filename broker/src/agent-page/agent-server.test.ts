import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agentViewModules } from "../../test/agent-view-modules.ts";
import { END, QUARTER_MS } from "../agent/test/agent-bench.ts";
import { MINUTE_MS, openBench, SETTLED } from "../agent/test/scenarios.ts";
import { agentApp, listenForAgentPage } from "./agent-server.ts";
import type { AgentViewModules } from "./agent-view.ts";

describe("the page of a node's mind", () => {
  let modules: AgentViewModules;
  beforeAll(async () => {
    const bench = await openBench({ a: {}, b: {}, c: {} });
    await bench.runUntil(SETTLED + MINUTE_MS);
    modules = agentViewModules(bench);
  }, 60_000);

  const get = async (path: string) => agentApp(modules).inject({ url: path });

  it("has the outlook beside what was metered, the states, and what choices were worth", async () => {
    const view = (await get("/api/v1/agent")).json();
    expect(view).toMatchObject({ vnId: "district", outlook: { deviceCount: 3 } });
    expect(view.outlook.metered.at(-1)).toEqual({ startUnixMs: END - QUARTER_MS, importW: 2_000 });
    expect(view.prosumers.map(({ prosumerId }: { prosumerId: string }) => prosumerId)).toEqual(["a", "b", "c"]);
    expect(view.prosumers[0]).toMatchObject({ availablePerMille: 1_000, calls: { calledCount: 1, offeredCount: 1 } });
    expect(view.choices).toMatchObject([{ requestId: "peak.district", greedyMicro: "9600" }]);
  });

  it("tells one prosumer what is known of it, and why it was called", async () => {
    const view = (await get("/api/v1/prosumers/a")).json();
    expect(view.state.hours).toHaveLength(24);
    expect(view.explanations).toMatchObject([{ verdict: "called", deliveredWh: "480", earnedMicro: "23040" }]);
    expect((await get("/api/v1/prosumers/nobody")).statusCode).toBe(404);
  });

  it("gives a choice with every explanation, without the candidates' series", async () => {
    const { record, explanations } = (await get("/api/v1/choices/peak.district")).json();
    expect(record.inputsHashHex).toMatch(/^[0-9a-f]{64}$/);
    expect(record.candidates).toBeUndefined();
    expect(explanations).toHaveLength(3);
    expect((await get("/api/v1/choices/none")).statusCode).toBe(404);
  });

  it.each(["/", "/agent.js", "/agent-model.js", "/agent.css"])("serves %s", async (path) => {
    expect((await get(path)).statusCode).toBe(200);
  });

  it("has metrics of the agent, regret among them", async () => {
    const page = (await get("/metrics")).body;
    expect(page).toContain('gridpact_agent_prosumers{vn="district"} 3');
    expect(page).toContain('gridpact_agent_judged_events{vn="district"} 1');
    expect(page).toMatch(/gridpact_agent_clairvoyant_worth_euros\{vn="district"\} 0\.0096/);
  });

  describe("on a socket", () => {
    let close: () => Promise<void>;
    afterAll(() => close());

    it("listens on loopback", async () => {
      const server = await listenForAgentPage(0, modules);
      close = () => server.close();
      expect((await fetch(`http://127.0.0.1:${server.port}/`)).status).toBe(200);
    });
  });
});
