import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Notifier, RETRY_AFTER_MS } from "../src/oadr3/notifier.ts";
import { createWebhookPost, InternalAddressError } from "../src/oadr3/webhook-post.ts";
import { SqliteDocumentStore } from "../src/storage/index.ts";
import { CLIENTS, createLaboratory3, type Laboratory3 } from "./openadr3-laboratory.ts";
import { createSpecificationCheck, type SpecificationCheck } from "./specification-check.ts";

let specification: SpecificationCheck;
beforeAll(async () => {
  specification = await createSpecificationCheck();
});
afterAll(() => specification.close());

interface Sent {
  readonly url: string;
  readonly token: string | undefined;
  readonly body: {
    readonly objectType: string;
    readonly operation: string;
    readonly object: { readonly targets?: string[] };
  };
}

function listen({ vtn }: Laboratory3, statuses: number[] = []) {
  const sent: Sent[] = [];
  const waits: number[] = [];
  const givenUp: unknown[] = [];
  const notifier = new Notifier({
    state: vtn.state,
    roleOf: (clientId) => CLIENTS.find((client) => client.clientId === clientId)?.role,
    post: async (url, token, body) => {
      sent.push({ url, token, body: JSON.parse(Buffer.from(body).toString()) });
      const status = statuses.shift() ?? 200;
      if (status === 0) throw new Error("no answer");
      return status;
    },
    wait: async (milliseconds) => void waits.push(milliseconds),
    onGivenUp: (_recipient, cause) => givenUp.push(cause),
  });
  return { notifier, sent, waits, givenUp };
}

const subscription = (callbackUrl: string, more: object = {}) => ({
  clientName: "x",
  objectOperations: [
    { objects: ["PROGRAM", "EVENT"], operations: ["CREATE", "UPDATE", "DELETE"], callbackUrl, bearerToken: "t" },
  ],
  ...more,
});

async function send({ notifier }: { notifier: Notifier }): Promise<void> {
  notifier.wake();
  await notifier.idle();
}

describe("notifications", () => {
  it("tell each subscriber of what it may see, in order, with its token", async () => {
    const lab = createLaboratory3(specification);
    const heard = listen(lab);
    const [bl, a, b] = [lab.as("business"), lab.as("ven-a"), lab.as("ven-b")];
    await bl("POST", "/vens", { objectType: "BL_VEN_REQUEST", clientID: "ven-a", venName: "A", targets: ["east"] });
    await a("POST", "/subscriptions", subscription("https://a.example/"));
    await b("POST", "/subscriptions", subscription("https://b.example/"));
    await bl("POST", "/subscriptions", subscription("https://bl.example/"));
    const { body: open } = await bl("POST", "/programs", { programName: "open" });
    const { body: event } = await bl("POST", "/events", { programID: open.id, targets: ["east", "west"] });
    await bl("DELETE", `/events/${event.id}`);
    await send(heard);
    const of = (url: string) =>
      heard.sent
        .filter((one) => one.url === url)
        .map(({ body, token }) => [
          `${body.operation} ${body.objectType}`,
          body.object.targets?.join("+") ?? "",
          token,
        ]);
    expect(of("https://a.example/")).toEqual([
      ["CREATE PROGRAM", "", "t"],
      ["CREATE EVENT", "east", "t"],
      ["DELETE EVENT", "east", "t"],
    ]);
    expect(of("https://b.example/")).toEqual([["CREATE PROGRAM", "", "t"]]);
    expect(of("https://bl.example/")).toHaveLength(3);
    expect(of("https://bl.example/")[1]).toEqual(["CREATE EVENT", "east+west", "t"]);
    expect([...lab.vtn.state.changes()]).toEqual([]);
  });

  it("are narrowed by a subscription's program and targets", async () => {
    const lab = createLaboratory3(specification);
    const heard = listen(lab);
    const bl = lab.as("business");
    const { body: one } = await bl("POST", "/programs", { programName: "one" });
    const { body: two } = await bl("POST", "/programs", { programName: "two" });
    await send(heard);
    await bl("POST", "/subscriptions", subscription("https://one.example/", { programID: one.id }));
    await bl("POST", "/subscriptions", subscription("https://east.example/", { targets: ["east"] }));
    await bl("POST", "/events", { programID: one.id });
    await bl("POST", "/events", { programID: two.id, targets: ["east"] });
    await send(heard);
    expect(heard.sent.map(({ url, body }) => `${url} ${body.operation} ${body.objectType}`).sort()).toEqual(
      ["https://east.example/ CREATE EVENT", "https://one.example/ CREATE EVENT"].sort(),
    );
  });

  it("of reads go to whom asked for them, and cost nothing where nobody did", async () => {
    const lab = createLaboratory3(specification);
    const heard = listen(lab);
    const [bl, ven] = [lab.as("business"), lab.as("ven-a")];
    const { body: program } = await bl("POST", "/programs", { programName: "P" });
    await ven("GET", `/programs/${program.id}`);
    expect(lab.changes.map(({ operation }) => operation)).toEqual(["CREATE"]);
    const objectOperations = [{ objects: ["PROGRAM"], operations: ["READ"], callbackUrl: "https://bl.example/" }];
    await bl("POST", "/subscriptions", { clientName: "bl", objectOperations });
    await ven("GET", `/programs/${program.id}`);
    await ven("GET", "/programs");
    await ven("GET", "/programs/none");
    await bl("PUT", `/programs/${program.id}`, { programName: "Q" });
    await send(heard);
    expect(heard.sent.map(({ body }) => `${body.operation} ${body.objectType}`)).toEqual([
      "READ PROGRAM",
      "READ PROGRAM",
    ]);
  });

  it("are sent again after failures and given up in the end", async () => {
    const lab = createLaboratory3(specification);
    const bl = lab.as("business");
    await bl("POST", "/subscriptions", subscription("https://x.example/"));
    const patient = listen(lab, [500, 0, 200]);
    await bl("POST", "/programs", { programName: "1" });
    await send(patient);
    expect(patient.waits).toEqual(RETRY_AFTER_MS.slice(0, 2));
    const hopeless = listen(lab, [500, 500, 500, 500, 500]);
    await bl("POST", "/programs", { programName: "2" });
    await send(hopeless);
    expect([hopeless.waits, hopeless.givenUp]).toEqual([[...RETRY_AFTER_MS], ["HTTP 500"]]);
    const refused = listen(lab, [410]);
    await bl("POST", "/programs", { programName: "3" });
    await send(refused);
    expect([refused.waits, refused.givenUp]).toEqual([[], ["HTTP 410"]]);
    expect([...lab.vtn.state.changes()]).toEqual([]);
  });

  it("survive a crash between a change and its sending", async () => {
    const store = new SqliteDocumentStore(":memory:");
    const lab = createLaboratory3(specification, store);
    const bl = lab.as("business");
    await bl("POST", "/subscriptions", subscription("https://x.example/"));
    await bl("POST", "/programs", { programName: "P" });
    const heard = listen(createLaboratory3(specification, store));
    await send(heard);
    expect(heard.sent).toHaveLength(1);
  });

  it("never go into the VTN's own network", async () => {
    const post = createWebhookPost({ areInternalAddressesAllowed: false });
    await expect(post("http://127.0.0.1:1/", undefined, Buffer.from("{}"))).rejects.toThrow(InternalAddressError);
    await expect(post("http://[::1]:1/", undefined, Buffer.from("{}"))).rejects.toThrow(InternalAddressError);
    await expect(post("http://localhost:1/", undefined, Buffer.from("{}"))).rejects.toThrow("public");
    await post.close();
  });
});
