import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KINDS } from "../src/oadr3/model.ts";
import { TOKEN_LIFETIME_S } from "../src/oadr3/tokens.ts";
import { SqliteDocumentStore } from "../src/storage/index.ts";
import { createLaboratory3, type Laboratory3, requestToken } from "./openadr3-laboratory.ts";
import { createSpecificationCheck, type SpecificationCheck } from "./specification-check.ts";

let specification: SpecificationCheck;
beforeAll(async () => {
  specification = await createSpecificationCheck();
});
afterAll(() => specification.close());

const laboratory = (store?: SqliteDocumentStore) => createLaboratory3(specification, store);

const event = (programID: string, more: object = {}) => ({
  programID,
  eventName: "an event",
  priority: 0,
  intervalPeriod: { start: "2026-11-22T12:00:00Z", duration: "PT1H", randomizeStart: "PT5M" },
  payloadDescriptors: [{ objectType: "EVENT_PAYLOAD_DESCRIPTOR", payloadType: "PRICE", units: "KWH", currency: "EUR" }],
  intervals: [{ id: 0, payloads: [{ type: "PRICE", values: [0.17] }] }],
  ...more,
});

const report = (eventID: string) => ({
  eventID,
  clientName: "a",
  resources: [{ resourceName: "R", intervals: [{ id: 0, payloads: [{ type: "USAGE", values: [1.5] }] }] }],
});

const subscription = (more: object = {}) => ({
  clientName: "a",
  objectOperations: [{ objects: ["EVENT"], operations: ["CREATE"], callbackUrl: "https://ven.example/hook" }],
  ...more,
});

const blVen = (clientID: string, targets: readonly string[] = []) => ({
  objectType: "BL_VEN_REQUEST",
  clientID,
  venName: `name of ${clientID}`,
  targets,
});

async function withEvent({ as }: Laboratory3, more: object = {}, programMore: object = {}) {
  const bl = as("business");
  const program = (
    await bl("POST", "/programs", { programName: `P${Math.trunc(performance.now() * 1000)}`, ...programMore })
  ).body;
  return { bl, program, event: (await bl("POST", "/events", event(program.id, more))).body };
}

describe("a 3.1 VTN", () => {
  it("makes, shows, changes and deletes objects of every kind as the specification has them", async () => {
    const { as, vtn, faults } = laboratory();
    const [bl, ven] = [as("business"), as("ven-a")];
    const program = (await bl("POST", "/programs", { programName: "ResTOU" })).body;
    const made = (await bl("POST", "/events", event(program.id))).body;
    const venObject = (await bl("POST", "/vens", blVen("ven-a"))).body;
    const resource = { objectType: "VEN_RESOURCE_REQUEST", resourceName: "R", venID: venObject.id };
    const objects: [string, typeof bl, object][] = [
      ["programs", bl, { programName: "ResTOU 2" }],
      ["events", bl, event(program.id, { eventName: null })],
      ["reports", ven, report(made.id)],
      ["subscriptions", ven, subscription({ programID: program.id })],
      ["vens", bl, blVen("ven-b", ["t"])],
      ["resources", ven, resource],
    ];
    for (const [kind, client, request] of objects) {
      const created = await client("POST", `/${kind}`, request);
      expect([kind, created.status]).toEqual([kind, 201]);
      const path = `/${kind}/${created.body.id}`;
      expect((await client("GET", path)).body).toEqual(created.body);
      expect((await client("GET", `/${kind}`)).body).toContainEqual(created.body);
      const updated = await client("PUT", path, request);
      expect(updated.body).toMatchObject({ id: created.body.id, createdDateTime: created.body.createdDateTime });
      expect((await client("DELETE", path)).status).toBe(200);
      expect((await client("GET", path)).status).toBe(404);
      expect((await client("DELETE", path)).status).toBe(404);
    }
    expect(objects.map(([kind]) => kind)).toEqual(KINDS);
    expect([...vtn.state.changes()].length).toBeGreaterThan(0);
    expect(faults).toEqual([]);
  });

  it("keeps everything, tokens included, across a restart", async () => {
    const store = new SqliteDocumentStore(":memory:");
    const first = laboratory(store);
    const { event: made } = await withEvent(first);
    const again = laboratory(store);
    expect((await again.as("business")("GET", `/events/${made.id}`)).body).toEqual(made);
    expect(again.vtn.state.tokenKey(() => new Uint8Array(1))).toHaveLength(32);
  });

  it("pages at most fifty objects, in the order they were made", async () => {
    const lab = laboratory();
    const { bl, program } = await withEvent(lab);
    for (let count = 1; count < 60; count += 1)
      await bl("POST", "/events", event(program.id, { eventName: String(count) }));
    const page = async (query: string) =>
      (await bl("GET", `/events?${query}`)).body.map(({ eventName }: { eventName: string }) => eventName);
    expect(await page("")).toHaveLength(50);
    expect(await page("limit=50&skip=50")).toHaveLength(10);
    expect(await page("limit=2&skip=1")).toEqual(["1", "2"]);
    expect(await page("limit=0")).toEqual([]);
    for (const query of ["limit=51", "limit=-1", "limit=x", "skip=-1", "limit=1&limit=2"]) {
      expect((await bl("GET", `/events?${query}`)).status).toBe(400);
    }
  });

  it("filters by what the specification names", async () => {
    const lab = laboratory();
    const { bl, program, event: made } = await withEvent(lab);
    const ven = lab.as("ven-a");
    await ven("POST", "/reports", report(made.id));
    await ven("POST", "/subscriptions", subscription());
    await bl("POST", "/vens", blVen("ven-a", ["t"]));
    const count = async (path: string) => (await bl("GET", path)).body.length;
    expect(await count(`/events?programID=${program.id}`)).toBe(1);
    expect(await count("/events?programID=other")).toBe(0);
    expect(await count(`/reports?programID=${program.id}&eventID=${made.id}&clientName=a`)).toBe(1);
    expect(await count("/reports?programID=other")).toBe(0);
    expect(await count("/subscriptions?objects=EVENT&objects=REPORT")).toBe(1);
    expect(await count("/subscriptions?objects=PROGRAM")).toBe(0);
    expect((await bl("GET", "/subscriptions?objects=CAT")).status).toBe(400);
    expect(await count("/vens?targets=t&venName=name%20of%20ven-a")).toBe(1);
    expect(await count("/vens?targets=u")).toBe(0);
    expect((await bl("GET", "/events?programID=no%20id")).status).toBe(400);
  });

  it.each([
    ["/programs", {}],
    ["/programs", { programName: "" }],
    ["/programs", { programName: "x".repeat(129) }],
    ["/programs", { programName: "x", targets: [1] }],
    ["/programs", []],
    ["/events", { programID: "unknown" }],
    ["/events", { programID: "a b" }],
    ["/events", { programID: "p", intervalPeriod: { start: "yesterday" } }],
    ["/events", { programID: "p", intervalPeriod: { duration: "1 hour" } }],
    ["/vens", { objectType: "VEN_VEN_REQUEST", venName: "x" }],
    ["/vens", { venName: "x" }],
    ["/subscriptions", subscription({ programID: "unknown" })],
    [
      "/subscriptions",
      subscription({ objectOperations: [{ objects: ["EVENT"], operations: ["CREATE"], callbackUrl: "ftp://x/" }] }),
    ],
    [
      "/subscriptions",
      subscription({ objectOperations: [{ objects: ["EVENT"], operations: ["FLY"], callbackUrl: "https://x/" }] }),
    ],
  ])("refuses %s %j", async (path, body) => {
    const { as } = laboratory();
    const { status, body: problem, headers } = await as("business")("POST", path, body);
    expect(status).toBe(400);
    expect(problem).toMatchObject({ type: "about:blank", title: "Bad Request", status: 400 });
    expect(headers["content-type"]).toContain("application/problem+json");
  });

  it("takes null for absence everywhere, and nowhere else", async () => {
    const nulls = { intervalPeriod: null, eventName: null, intervals: [{ id: 0, intervalPeriod: null, payloads: [] }] };
    const { event: made } = await withEvent(laboratory(), nulls);
    expect(made.intervals).toEqual([{ id: 0, payloads: [] }]);
    expect(made).not.toHaveProperty("intervalPeriod");
    const { as } = laboratory();
    for (const body of [null, { programName: null }, { programName: "P", targets: [null] }]) {
      await expect(as("business")("POST", "/programs", body)).resolves.toMatchObject({ status: 400 });
    }
  });

  it("takes the sentinels for now and for ever as values", async () => {
    for (const start of ["0001-01-01", "0001-01-01T00:00:00", "0001-01-01T00:00:00Z"]) {
      const intervalPeriod = { start, duration: "P9999Y" };
      expect((await withEvent(laboratory(), { intervalPeriod })).event).toMatchObject({ intervalPeriod });
    }
  });

  it("refuses names that are taken", async () => {
    const { as } = laboratory();
    const bl = as("business");
    await bl("POST", "/programs", { programName: "P" });
    expect((await bl("POST", "/programs", { programName: "P" })).status).toBe(409);
    const { body: ven } = await bl("POST", "/vens", blVen("ven-a"));
    expect((await bl("PUT", `/vens/${ven.id}`, blVen("ven-a", ["t"]))).status).toBe(200);
    const resource = { objectType: "BL_RESOURCE_REQUEST", clientID: "ven-a", resourceName: "R", venID: ven.id };
    expect((await bl("POST", "/resources", resource)).status).toBe(201);
    expect((await bl("POST", "/resources", resource)).status).toBe(409);
  });

  it("deletes a program's events and a ven's resources with it", async () => {
    const lab = laboratory();
    const { bl, program, event: made } = await withEvent(lab);
    await bl("DELETE", `/programs/${program.id}`);
    expect((await bl("GET", `/events/${made.id}`)).status).toBe(404);
    expect(lab.changes.map(({ kind, operation }) => `${operation} ${kind}`)).toEqual([
      "CREATE programs",
      "CREATE events",
      "DELETE events",
      "DELETE programs",
    ]);
  });

  it("answers conditional requests by ETag", async () => {
    const { bl, program } = await withEvent(laboratory());
    const path = `/programs/${program.id}`;
    const { headers } = await bl("GET", path);
    const etag = String(headers["etag"]);
    expect((await bl("GET", path, undefined, { "if-none-match": etag })).status).toBe(304);
    expect((await bl("PUT", path, { programName: "new" }, { "if-match": etag })).status).toBe(200);
    expect((await bl("GET", path, undefined, { "if-none-match": etag })).status).toBe(200);
    await expect(bl("PUT", path, { programName: "newer" }, { "if-match": etag })).rejects.toThrow("412");
  });
});

describe("access", () => {
  it("needs a token, with the scope, that has not expired", async () => {
    const { as, clock, vtn } = laboratory();
    for (const kind of KINDS) expect((await as("")("GET", `/${kind}`)).status).toBe(401);
    expect((await as("")("GET", "/programs", undefined, { authorization: "Bearer x.y.z" })).status).toBe(401);
    expect((await as("ven-a")("POST", "/programs", { programName: "P" })).status).toBe(403);
    expect((await as("business")("POST", "/reports", report("e"))).status).toBe(403);
    expect((await as("ven-a")("GET", "/programs")).status).toBe(200);
    clock.advance(TOKEN_LIFETIME_S * 1_000);
    expect(vtn.state.tables.programs.size).toBe(0);
    const { as: later } = { as };
    expect((await later("ven-a")("GET", "/programs")).status).toBe(401);
  });

  it("gives tokens for client credentials only", async () => {
    const { server, as } = laboratory();
    const credentials = { client_id: "ven-a", client_secret: "a" };
    expect(await requestToken(server, credentials)).toMatchObject({ status: 200, body: { token_type: "Bearer" } });
    expect(await requestToken(server, { ...credentials, client_secret: "b" })).toMatchObject({
      status: 401,
      body: { error: "invalid_client" },
    });
    expect(await requestToken(server, { ...credentials, client_id: "x" })).toMatchObject({ status: 401 });
    expect(await requestToken(server, { ...credentials, grant_type: "password" })).toMatchObject({
      status: 400,
      body: { error: "unsupported_grant_type" },
    });
    expect(await requestToken(server, { ...credentials, scope: "read_targets fly" })).toMatchObject({
      body: { scope: "read_targets" },
    });
    expect(await requestToken(server, { ...credentials, scope: "write_programs" })).toMatchObject({
      status: 400,
      body: { error: "invalid_scope" },
    });
    const basic = { authorization: `Basic ${Buffer.from("ven-a:a").toString("base64")}` };
    expect(await requestToken(server, {}, basic)).toMatchObject({ status: 200 });
    expect((await as("")("GET", "/auth/server")).body.tokenURL).toMatch(/\/auth\/token$/);
    expect((await as("ven-a")("GET", "/notifiers")).body).toEqual({ WEBHOOK: true });
  });

  it("refuses tokens that were altered", async () => {
    const { server } = laboratory();
    const { body } = await requestToken(server, { client_id: "ven-a", client_secret: "a" });
    const [header, claims, signature] = String(body.access_token).split(".");
    const other = Buffer.from(JSON.stringify({ sub: "business", role: "bl", scope: "read_all", exp: 9e9 })).toString(
      "base64url",
    );
    const none = Buffer.from(JSON.stringify({ alg: "none" })).toString("base64url");
    for (const token of [
      `${header}.${other}.${signature}`,
      `${none}.${other}.`,
      `${header}.${claims}.`,
      `${header}.${claims}`,
    ]) {
      const answer = await server.inject({ url: "/programs", headers: { authorization: `Bearer ${token}` } });
      expect(answer.statusCode).toBe(401);
    }
  });

  it("hides objects with targets from all who were not granted one, and hides the other targets", async () => {
    const lab = laboratory();
    const { bl, event: made } = await withEvent(lab, { targets: ["east", "west"] }, { targets: ["east"] });
    await bl("POST", "/vens", blVen("ven-a", ["east"]));
    const [a, b] = [lab.as("ven-a"), lab.as("ven-b")];
    expect((await a("GET", `/events/${made.id}`)).body.targets).toEqual(["east"]);
    expect((await a("GET", "/events")).body).toHaveLength(1);
    expect((await a("GET", "/events?targets=east")).body).toHaveLength(1);
    expect((await a("GET", "/events?targets=west")).body).toHaveLength(0);
    expect((await b("GET", `/events/${made.id}`)).status).toBe(404);
    expect((await b("GET", "/events?targets=east")).body).toHaveLength(0);
    expect((await b("GET", "/programs")).body).toHaveLength(0);
    expect((await b("POST", "/reports", report(made.id))).status).toBe(400);
    expect((await bl("GET", `/events/${made.id}`)).body.targets).toEqual(["east", "west"]);
  });

  it("grants the targets of a ven's resources too", async () => {
    const lab = laboratory();
    const { bl, event: made } = await withEvent(lab, { targets: ["roof"] });
    const { body: ven } = await bl("POST", "/vens", blVen("ven-a"));
    const a = lab.as("ven-a");
    expect((await a("GET", `/events/${made.id}`)).status).toBe(404);
    const resource = {
      objectType: "BL_RESOURCE_REQUEST",
      clientID: "ven-a",
      resourceName: "R",
      venID: ven.id,
      targets: ["roof"],
    };
    await bl("POST", "/resources", resource);
    expect((await a("GET", `/events/${made.id}`)).status).toBe(200);
  });

  it("shows a VEN its own objects only, and lets it not grant itself targets", async () => {
    const lab = laboratory();
    const [a, b, bl] = [lab.as("ven-a"), lab.as("ven-b"), lab.as("business")];
    const own = { objectType: "VEN_VEN_REQUEST", venName: "mine", targets: ["everything"] };
    const { body: ven } = await a("POST", "/vens", own);
    expect(ven).toMatchObject({ clientID: "ven-a", objectType: "VEN" });
    expect(ven.targets).toBeUndefined();
    await bl("PUT", `/vens/${ven.id}`, { ...blVen("ven-a", ["east"]), venName: "mine" });
    expect((await a("PUT", `/vens/${ven.id}`, own)).body.targets).toEqual(["east"]);
    expect((await a("PUT", `/vens/${ven.id}`, blVen("ven-a", ["west"]))).status).toBe(403);
    expect((await b("GET", `/vens/${ven.id}`)).status).toBe(404);
    expect((await b("DELETE", `/vens/${ven.id}`)).status).toBe(404);
    expect((await b("GET", "/vens")).body).toEqual([]);
    const resource = { objectType: "VEN_RESOURCE_REQUEST", resourceName: "R", venID: ven.id };
    expect((await b("POST", "/resources", resource)).status).toBe(404);
    const { body: mine } = await a("POST", "/subscriptions", subscription());
    expect((await b("GET", `/subscriptions/${mine.id}`)).status).toBe(404);
    expect((await bl("GET", `/subscriptions/${mine.id}`)).status).toBe(200);
  });
});
