import { afterEach, describe, expect, it } from "vitest";
import { createHttpProbe, type Probe, runConformance } from "../src/conformance20b/index.ts";
import type { HttpTransport } from "../src/exchange/index.ts";
import { fingerprintOf } from "../src/signature/index.ts";
import { HTTP_PATH } from "../src/wire20b/index.ts";
import { FAULTS, type Fault, NOTICED_BY } from "./conformance-faults.ts";
import { type NetworkVtn, securityOf, startVtn, toTlsMaterial } from "./network.ts";
import { createTestPki } from "./test-pki.ts";

const open: (NetworkVtn["server"] | HttpTransport | { close(): Promise<void> })[] = [];
afterEach(async () => {
  for (const resource of open.splice(0).reverse()) await resource.close();
});

/** A probe into a VTN of this process that shows the given fault. */
async function faultyProbe(fault?: Fault): Promise<Probe & { wasShown(): boolean }> {
  const { server } = await startVtn(undefined);
  open.push(server);
  let wasShown = false;
  return {
    security: securityOf(undefined, false),
    wasShown: () => wasShown,
    async post(service, body, contentType) {
      const payload = Buffer.from(body);
      const headers = { "content-type": contentType };
      const answer = await server.inject({ method: "POST", url: `${HTTP_PATH}/${service}`, headers, payload });
      const honest = {
        status: answer.statusCode,
        contentType: String(answer.headers["content-type"] ?? ""),
        body: new Uint8Array(answer.rawPayload),
      };
      if (fault === undefined || !`@${service} ${payload.toString()}`.includes(fault.on)) return honest;
      wasShown = true;
      return fault.change(honest);
    },
  };
}

const broken = (results: Awaited<ReturnType<typeof runConformance>>) =>
  results.filter(({ outcome }) => outcome !== "passed").map(({ id, detail }) => `${id}: ${detail}`);

describe("the conformance suite", () => {
  it("finds nothing wrong with our VTN, plain or signed", async () => {
    expect(broken(await runConformance(await faultyProbe()))).toEqual([]);
    const pki = createTestPki();
    const [server, client] = [pki.issue("vtn"), pki.issue("suite")];
    const network = await startVtn(toTlsMaterial(server, pki), true);
    network.vtn.enrol(fingerprintOf(client.certificate));
    const tls = toTlsMaterial(client, pki);
    const probe = createHttpProbe({ url: network.url, tls }, securityOf(tls, true));
    open.push(network.server, probe);
    expect(broken(await runConformance(probe))).toEqual([]);
  });

  it("says that a VTN that is not there failed, and does not call it wrong", async () => {
    const probe = createHttpProbe({ url: "http://127.0.0.1:1", tls: undefined }, securityOf(undefined, false));
    open.push(probe);
    expect(await runConformance(probe)).toMatchObject([{ id: "register", outcome: "failed" }]);
  });

  it("is checked by at least forty faults, each of another kind", () => {
    expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length);
    expect(FAULTS.length).toBeGreaterThanOrEqual(40);
  });

  it.each(FAULTS)("notices a VTN that $name", async (fault) => {
    const probe = await faultyProbe(fault);
    const results = await runConformance(probe);
    const noticed = results.filter(({ outcome }) => outcome !== "passed").map(({ id }) => id);
    expect(probe.wasShown()).toBe(true);
    expect(noticed).toContain(NOTICED_BY[fault.name]);
  });
});
