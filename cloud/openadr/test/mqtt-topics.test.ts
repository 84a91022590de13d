import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Notifier, RETRY_AFTER_MS } from "../src/oadr3/notifier.ts";
import { mayReadTopic } from "../src/oadr3/topics.ts";
import { SqliteDocumentStore } from "../src/storage/index.ts";
import { CLIENTS, createLaboratory3, type Laboratory3 } from "./openadr3-laboratory.ts";
import { createSpecificationCheck, type SpecificationCheck } from "./specification-check.ts";

let specification: SpecificationCheck;
beforeAll(async () => {
  specification = await createSpecificationCheck();
});
afterAll(() => specification.close());

const BROKER = { uris: ["mqtts://broker.example:8883"], authentication: { method: "ANONYMOUS" } } as const;
const ROOT = "/notifiers/mqtt/topics";

const start = () => createLaboratory3(specification, new SqliteDocumentStore(":memory:"), BROKER);

/** A notifier whose broker fails as often as told and keeps what it takes. */
function publishFrom({ vtn }: Laboratory3, failures = 0) {
  const published: { readonly topic: string; readonly payload: ReturnType<typeof JSON.parse> }[] = [];
  const waits: number[] = [];
  const givenUp: unknown[] = [];
  let left = failures;
  const notifier = new Notifier({
    state: vtn.state,
    roleOf: (clientId) => CLIENTS.find((client) => client.clientId === clientId)?.role,
    post: async () => 200,
    publish: async (topic, payload) => {
      left -= 1;
      if (left >= 0) throw new Error("the broker is gone");
      published.push({ topic, payload: JSON.parse(payload) });
    },
    wait: async (milliseconds) => void waits.push(milliseconds),
    onGivenUp: (to) => givenUp.push(to),
  });
  const flush = () => {
    notifier.wake();
    return notifier.idle();
  };
  return { published, waits, givenUp, flush };
}

describe("the MQTT notifier", () => {
  it("publishes to business logic whole, and to each VEN what it may see", async () => {
    const laboratory = start();
    const bl = laboratory.as("business");
    const { body: ven } = await bl("POST", "/vens", {
      objectType: "BL_VEN_REQUEST",
      clientID: "ven-a",
      venName: "a",
      targets: ["east"],
    });
    await bl("POST", "/vens", { objectType: "BL_VEN_REQUEST", clientID: "ven-b", venName: "b" });
    const { body: program } = await bl("POST", "/programs", { programName: "P", targets: ["east"] });
    const { published, flush } = publishFrom(laboratory);
    await flush();
    published.length = 0;
    const { body: event } = await bl("POST", "/events", { programID: program.id, targets: ["east", "secret"] });
    await flush();
    expect(published.map(({ topic, payload }) => [topic, payload.object.targets])).toEqual([
      ["openadr/3.1/events/create", ["east", "secret"]],
      [`openadr/3.1/programs/${program.id}/events/create`, ["east", "secret"]],
      [`openadr/3.1/vens/${ven.id}/events/create`, ["east"]],
    ]);
    expect(published[0]?.payload).toEqual({ objectType: "EVENT", operation: "CREATE", object: event });
  });

  it("names the topics it publishes on", async () => {
    const laboratory = start();
    const bl = laboratory.as("business");
    const { body: ven } = await laboratory.as("ven-a")("POST", "/vens", {
      objectType: "VEN_VEN_REQUEST",
      venName: "a",
    });
    const { body: program } = await bl("POST", "/programs", { programName: "P" });
    const named = new Set<string>();
    const paths = [
      ...["programs", "events", "reports", "subscriptions", "vens", "resources"],
      ...[`programs/${program.id}`, `programs/${program.id}/events`, `vens/${ven.id}`],
      ...["events", "programs", "resources"].map((kind) => `vens/${ven.id}/${kind}`),
    ];
    for (const path of paths) {
      const { status, body } = await bl("GET", `${ROOT}/${path}`);
      expect(status).toBe(200);
      for (const topic of Object.values(body.topics)) named.add(String(topic));
    }
    const { published, flush } = publishFrom(laboratory);
    const { body: resource } = await laboratory.as("ven-a")("POST", "/resources", {
      objectType: "VEN_RESOURCE_REQUEST",
      resourceName: "r",
      venID: ven.id,
    });
    await bl("PUT", `/programs/${program.id}`, { programName: "Q" });
    await bl("DELETE", `/resources/${resource.id}`);
    await bl("DELETE", `/vens/${ven.id}`);
    await flush();
    const unnamed = published.map(({ topic }) => topic).filter((topic) => !named.has(topic));
    expect(unnamed).toEqual([]);
    expect(published.length).toBeGreaterThan(8);
  });

  it("tries again while the broker is away, and gives up in the end", async () => {
    const laboratory = start();
    await laboratory.as("business")("POST", "/programs", { programName: "P" });
    const patient = publishFrom(laboratory, 2);
    await patient.flush();
    expect([patient.published.length, patient.waits]).toEqual([1, RETRY_AFTER_MS.slice(0, 2)]);
    await laboratory.as("business")("POST", "/programs", { programName: "Q" });
    const hopeless = publishFrom(laboratory, 99);
    await hopeless.flush();
    expect(hopeless.givenUp).toMatchObject([{ topic: "openadr/3.1/programs/create" }]);
    expect([...laboratory.vtn.state.changes()]).toEqual([]);
  });

  it("loses nothing when the VTN ends between a change and its publication", async () => {
    const store = new SqliteDocumentStore(":memory:");
    await createLaboratory3(specification, store, BROKER).as("business")("POST", "/programs", { programName: "P" });
    const { published, flush } = publishFrom(createLaboratory3(specification, store, BROKER));
    await flush();
    expect(published).toHaveLength(1);
  });
});

describe("the topics", () => {
  it("of others are hidden from a VEN, and all of them where there is no broker", async () => {
    const laboratory = start();
    const { body: ven } = await laboratory.as("ven-a")("POST", "/vens", {
      objectType: "VEN_VEN_REQUEST",
      venName: "a",
    });
    expect((await laboratory.as("ven-a")("GET", `${ROOT}/vens/${ven.id}/events`)).status).toBe(200);
    expect((await laboratory.as("ven-b")("GET", `${ROOT}/vens/${ven.id}/events`)).status).toBe(404);
    expect((await laboratory.as("ven-a")("GET", `${ROOT}/events`)).status).toBe(403);
    expect((await laboratory.as("")("GET", `${ROOT}/events`)).status).toBe(401);
    expect((await laboratory.as("business")("GET", `${ROOT}/vens/none`)).status).toBe(404);
    const without = createLaboratory3(specification);
    expect((await without.as("business")("GET", `${ROOT}/events`)).status).toBe(404);
    expect((await without.as("business")("GET", "/notifiers")).body).toEqual({ WEBHOOK: true });
    expect((await laboratory.as("ven-a")("GET", "/notifiers")).body).toEqual({
      WEBHOOK: true,
      MQTT: { URIS: BROKER.uris, serialization: "JSON", authentication: { method: "ANONYMOUS" } },
    });
  });

  it("may be read by whom they are for, and by no wildcard over them", async () => {
    const laboratory = start();
    const { body: ven } = await laboratory.as("ven-a")("POST", "/vens", {
      objectType: "VEN_VEN_REQUEST",
      venName: "a",
    });
    const may = (clientId: string, role: "bl" | "ven", filter: string) =>
      mayReadTopic(laboratory.vtn.state, { clientId, role }, filter);
    expect(may("business", "bl", "openadr/3.1/events/+")).toBe(true);
    expect(may("business", "bl", "openadr/3.1/#")).toBe(true);
    expect(may("business", "bl", "other/#")).toBe(false);
    expect(may("ven-a", "ven", `openadr/3.1/vens/${ven.id}/events/+`)).toBe(true);
    expect(may("ven-b", "ven", `openadr/3.1/vens/${ven.id}/events/+`)).toBe(false);
    for (const filter of ["openadr/3.1/#", "openadr/3.1/vens/+/events/create", "openadr/3.1/vens/#", "#", "+/#"]) {
      expect(may("ven-a", "ven", filter)).toBe(false);
    }
    expect(may("ven-a", "ven", "openadr/3.1/events/create")).toBe(false);
  });
});
