import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createLaboratory3, type Laboratory3, requestToken } from "./openadr3-laboratory.ts";
import { createSpecificationCheck, type SpecificationCheck } from "./specification-check.ts";

let specification: SpecificationCheck;
beforeAll(async () => {
  specification = await createSpecificationCheck();
}, 60_000);
afterAll(() => specification.close());

const GROUP_A = [{ type: "GROUP", values: ["a"] }];
const INTERVALS = [{ id: 0, payloads: [{ type: "PRICE", values: [0.17] }] }];

let lab: Laboratory3;
const tokens = new Map<string, string>();

beforeEach(() => {
  lab = createLaboratory3(specification);
  tokens.clear();
});

/** A 3.0.1 client: it gets its token below the same paths. */
async function call(clientId: string, method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: object) {
  const secret = { business: "b", "ven-a": "a" }[clientId] ?? "";
  const token = tokens.get(clientId) ?? (await tokenOf(clientId, secret));
  tokens.set(clientId, token);
  const payload = body === undefined ? {} : { payload: body };
  const headers = { authorization: `Bearer ${token}` };
  const answer = await lab.server.inject({ method, url: `/3.0.1${path}`, headers, ...payload });
  return { status: answer.statusCode, body: answer.json(), headers: answer.headers };
}

async function tokenOf(client_id: string, client_secret: string): Promise<string> {
  const form = new URLSearchParams({ grant_type: "client_credentials", client_id, client_secret }).toString();
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const answer = await lab.server.inject({ method: "POST", url: "/3.0.1/auth/token", headers, payload: form });
  return answer.json<{ access_token: string }>().access_token;
}

async function makeProgram(targets?: object[]): Promise<string> {
  const program = { programName: "P", programLongName: "a longer name", ...(targets && { targets }) };
  return (await call("business", "POST", "/programs", program)).body.id;
}

describe("a 3.0.1 client", () => {
  it("makes programs and events with typed targets and reads them as it wrote them", async () => {
    const targets = [...GROUP_A, { type: "POWER_SERVICE_LOCATION", values: ["x", "y"] }];
    const programID = await makeProgram();
    const made = await call("business", "POST", "/events", { programID, intervals: INTERVALS, targets });
    expect(made.status).toBe(201);
    const read = await call("business", "GET", `/events/${made.body.id}`);
    expect(read.body.targets).toEqual([
      { type: "GROUP", values: ["a"] },
      { type: "POWER_SERVICE_LOCATION", values: ["x"] },
      { type: "POWER_SERVICE_LOCATION", values: ["y"] },
    ]);
    expect(lab.vtn.state.tables.events.get(made.body.id)?.targets).toEqual([
      "a",
      "POWER_SERVICE_LOCATION:x",
      "POWER_SERVICE_LOCATION:y",
    ]);
  });

  it("finds by typed targets, page by page", async () => {
    const programID = await makeProgram();
    const targets = [{ type: "AREA", values: ["north"] }];
    await call("business", "POST", "/events", { programID, intervals: INTERVALS, targets });
    await call("business", "POST", "/events", { programID, intervals: INTERVALS, targets: GROUP_A });
    expect((await call("business", "GET", "/events?targetType=AREA&targetValues=north")).body).toHaveLength(1);
    expect((await call("business", "GET", "/events?targetType=AREA&targetValues=a")).body).toHaveLength(0);
    expect((await call("business", "GET", "/events?skip=1&limit=1")).body).toHaveLength(1);
  });

  it("keeps resources below their ven", async () => {
    const ven = await call("ven-a", "POST", "/vens", { objectType: "VEN", venName: "A" });
    expect(ven.status).toBe(201);
    const path = `/vens/${ven.body.id}/resources`;
    const made = await call("ven-a", "POST", path, { resourceName: "R" });
    expect(made).toMatchObject({ status: 201, body: { resourceName: "R", venID: ven.body.id } });
    expect((await call("ven-a", "GET", path)).body).toHaveLength(1);
    const renamed = await call("ven-a", "PUT", `${path}/${made.body.id}`, { resourceName: "R2" });
    expect(renamed).toMatchObject({ status: 200, body: { resourceName: "R2" } });
    expect((await call("ven-a", "DELETE", `${path}/${made.body.id}`)).status).toBe(200);
    expect((await call("ven-a", "GET", path)).body).toEqual([]);
  });

  it("sees of targeted events what a 3.1 client sees, and no more", async () => {
    const programID = await makeProgram();
    const hidden = await call("business", "POST", "/events", { programID, intervals: INTERVALS, targets: GROUP_A });
    expect((await call("ven-a", "GET", "/events")).body).toEqual([]);
    expect((await call("ven-a", "GET", `/events/${hidden.body.id}`)).status).toBe(404);
    await call("business", "POST", "/vens", { venName: "ven-a", targets: GROUP_A });
    expect((await call("ven-a", "GET", "/events")).body).toMatchObject([{ targets: GROUP_A }]);
  });

  it("is refused like any other: without token, without scope, with a body that is none", async () => {
    const bare = await lab.server.inject({ method: "GET", url: "/3.0.1/programs" });
    expect(bare.statusCode).toBe(401);
    expect(bare.headers["content-type"]).toContain("application/problem+json");
    expect((await call("ven-a", "POST", "/programs", { programName: "P" })).status).toBe(403);
    expect((await call("business", "POST", "/programs", { programName: 1 })).status).toBe(400);
    expect((await call("business", "POST", "/programs", { programName: "P", targets: ["a"] })).status).toBe(201);
    expect((await call("business", "POST", "/programs", { programName: "Q", targets: "a" })).status).toBe(400);
    for (const path of ["/nothing/at/all", "//[", "/\\[", "//elsewhere.example/programs", "/"]) {
      expect((await call("business", "GET", path)).status).toBe(404);
    }
    expect(lab.faults).toEqual([]);
  });

  it("may use the token that it got by the paths of 3.1", async () => {
    const { body } = await requestToken(lab.server, { client_id: "business", client_secret: "b" });
    tokens.set("business", body.access_token);
    expect((await call("business", "GET", "/programs")).status).toBe(200);
  });
});
