import { describe, expect, it } from "vitest";
import { type Probe3, type RawRequest3, runConformance3 } from "../src/conformance3/index.ts";
import { checkConformance3, hashClientSecret, runVtn3 } from "../src/index.ts";
import { Vtn3 } from "../src/oadr3/vtn3.ts";
import { createVtn3Server } from "../src/oadr3/vtn3-server.ts";
import { SqliteDocumentStore } from "../src/storage/index.ts";
import { FAULTS_3, type Fault3 } from "./conformance3-faults.ts";
import { HandClock, seededRandom } from "./laboratory.ts";

const clients = [
  { clientId: "bl", secretSha256: hashClientSecret("1"), role: "bl" },
  { clientId: "ven", secretSha256: hashClientSecret("2"), role: "ven" },
] as const;
const bl = { clientId: "bl", clientSecret: "1" };
const ven = { clientId: "ven", clientSecret: "2" };

/** A probe into a VTN of this process that shows the given fault. */
function faultyProbe(fault?: Fault3): Probe3 & { wasShown(): boolean } {
  const clock = new HandClock();
  const vtn = new Vtn3({ store: new SqliteDocumentStore(":memory:"), clock, random: seededRandom("vtn") });
  const modules = {
    vtn,
    clock,
    tokenKey: new Uint8Array(32),
    onFault: (fault: unknown) => expect.unreachable(String(fault)),
  };
  const server = createVtn3Server({ tls: undefined, clients, publicUrl: "http://vtn.invalid" }, modules);
  let wasShown = false;
  return {
    wasShown: () => wasShown,
    async send(request) {
      const { method, path, headers, body } = request;
      const url = path.replace("http://vtn.invalid", "");
      const answer = await server.inject({ method, url, headers, ...(body === undefined ? {} : { payload: body }) });
      const contentType = String(answer.headers["content-type"] ?? "");
      const honest = { status: answer.statusCode, contentType, body: answer.body };
      if (fault?.on.test(describeRequest(request)) !== true) return honest;
      wasShown = true;
      return fault.change(honest, request);
    },
  };
}

/** What faults are told by: `METHOD path body [as CLIENT]`. */
function describeRequest({ method, path, headers, body = "" }: RawRequest3): string {
  const [, claims] = (headers["authorization"] ?? "").split(".");
  const text = claims === undefined ? "" : Buffer.from(claims, "base64url").toString();
  const who = text.startsWith("{") ? ` as ${JSON.parse(text).sub}` : claims === undefined ? "" : ` ${claims}`;
  return `${method} ${path} ${body}${who}`;
}

const run = (probe: Probe3) => runConformance3(probe, { bl, ven, run: "test" });
const broken = (results: Awaited<ReturnType<typeof run>>) =>
  results.filter(({ outcome }) => outcome !== "passed").map(({ id, detail }) => `${id}: ${detail}`);

describe("the 3.1 conformance suite", () => {
  it("finds nothing wrong with our VTN, in process or over the network, again and again", async () => {
    const probe = faultyProbe();
    expect(broken(await run(probe))).toEqual([]);
    const note = (problem: unknown) => expect.unreachable(String(problem));
    const vtn = await runVtn3(
      { port: 0, clients, dataFolder: ":memory:" },
      { onFault: note, onGivenUp: () => undefined },
    );
    for (let time = 0; time < 2; time += 1) {
      expect(broken(await checkConformance3({ url: vtn.url, bl, ven }))).toEqual([]);
    }
    await vtn.stop();
  });

  it("says that a VTN that is not there failed, and does not call it wrong", async () => {
    const results = await checkConformance3({ url: "http://127.0.0.1:1", bl, ven });
    expect(results).toMatchObject([{ id: "start", outcome: "failed" }]);
  });

  it("is checked by at least forty faults, each of another kind", () => {
    expect(new Set(FAULTS_3.map(({ name }) => name)).size).toBe(FAULTS_3.length);
    expect(FAULTS_3.length).toBeGreaterThanOrEqual(40);
  });

  it.each(FAULTS_3)("notices a VTN that $name", async (fault) => {
    const probe = faultyProbe(fault);
    const results = await run(probe);
    const noticed = results.filter(({ outcome }) => outcome === "violated").map(({ id }) => id);
    expect(probe.wasShown()).toBe(true);
    expect(noticed).toContain(fault.noticedBy);
  });
});
