import type { FastifyInstance } from "fastify";
import { afterEach, describe, expect, it } from "vitest";
import type { ExchangeError, HttpTransport } from "../src/exchange/index.ts";
import { fingerprintOf } from "../src/signature/index.ts";
import { createVenServer, type Ven20b } from "../src/ven20b/index.ts";
import { Pusher } from "../src/vtn20b/index.ts";
import { HTTP_PATH } from "../src/wire20b/index.ts";
import { createVen, openTransport, securityOf, startVtn, toTlsMaterial } from "./network.ts";
import { createTestPki } from "./test-pki.ts";

const pki = createTestPki();
const open: (FastifyInstance | HttpTransport | Pusher)[] = [];

afterEach(async () => {
  for (const resource of open.splice(0).reverse()) await resource.close();
});

/** A VTN and a VEN that each listen. The VEN's server has to be there before its address can be told. */
async function startBoth() {
  const [server, client] = [pki.issue("vtn"), pki.issue("ven")];
  const [vtnTls, venTls] = [toTlsMaterial(server, pki), toTlsMaterial(client, pki)];
  const network = await startVtn(vtnTls, true);
  network.vtn.enrol(fingerprintOf(client.certificate));
  const transport = openTransport(network.url, venTls, true);
  const faults: unknown[] = [];
  let ven: Ven20b | undefined;
  const venServer = createVenServer(
    { tls: venTls, vtnFingerprint: fingerprintOf(server.certificate) },
    { ven: () => ven, security: securityOf(venTls, true), onFault: (error) => faults.push(error) },
  );
  const pushAddress = (await venServer.listen({ host: "127.0.0.1", port: 0 })) + HTTP_PATH;
  ven = createVen(transport, { isSigning: true, pushAddress });
  const failures: string[] = [];
  const onFailure = (_venId: string, { code }: ExchangeError) => failures.push(code);
  const pusher = new Pusher({ vtn: network.vtn, tls: vtnTls, security: securityOf(vtnTls, true), onFailure });
  open.push(network.server, transport, venServer, pusher);
  return { ...network, ven, venServer, pusher, failures, venFaults: faults, pushUrl: pushAddress };
}

const event = (venId: string) => ({
  venIds: [venId],
  startUnixMs: Date.now() + 600_000,
  duration: "PT5M",
  signals: [{ signalName: "SIMPLE", signalType: "level", intervals: [{ duration: "PT5M", value: 1 }] }] as const,
});

describe("push", () => {
  it("takes events, report requests and cancellations to the VEN, and its answers back", async () => {
    const { vtn, ven, pusher, failures, venFaults } = await startBoth();
    const { venId } = await ven.register();
    expect(vtn.state.vens.get(venId)).toMatchObject({ isPull: false });
    const { eventId } = vtn.createEvent(event(venId));
    await pusher.pushAll();
    expect(vtn.state.deliveryOf(venId, eventId)?.answer).toMatchObject({ optType: "optIn" });
    expect(vtn.state.outbox.under(venId)).toEqual([]);
    const reportId = vtn.requestReport(venId, "USAGE", { granularity: "PT1M", reportBackDuration: "PT1M" });
    await pusher.pushAll();
    expect(vtn.state.reportRequests.get(venId, reportId)).toMatchObject({ state: "created" });
    vtn.cancelReport(venId, reportId);
    await pusher.pushAll();
    expect(vtn.state.reportRequests.get(venId, reportId)).toMatchObject({ state: "cancelled" });
    vtn.cancelRegistration(venId);
    await pusher.pushAll();
    expect([ven.isRegistered, vtn.state.vens.get(venId)?.registrationId]).toEqual([false, undefined]);
    expect([failures, venFaults]).toEqual([[], []]);
  });

  it("keeps what could not be delivered", async () => {
    const { vtn, ven, venServer, pusher, failures } = await startBoth();
    const { venId } = await ven.register();
    await pusher.pushAll();
    vtn.requestReregistration(venId);
    await venServer.close();
    await pusher.pushAll();
    expect(failures).toEqual(["unreachable"]);
    expect(vtn.state.outbox.under(venId)).toHaveLength(1);
  });

  it("is taken from the VTN and from nobody else", async () => {
    const { ven, pushUrl } = await startBoth();
    await ven.register();
    const stranger = openTransport(pushUrl, toTlsMaterial(pki.issue("stranger"), pki), true);
    open.push(stranger);
    const cancel = { type: "oadrRequestReregistration", venID: ven.registration?.venId ?? "" } as const;
    await expect(stranger.send("EiRegisterParty", cancel)).rejects.toMatchObject({ code: "http-status" });
    expect(() =>
      createVenServer({ tls: toTlsMaterial(pki.issue("x"), pki), vtnFingerprint: undefined }, {} as never),
    ).toThrow("fingerprint");
  });

  it("answers what a VTN has no business to send by a response code", async () => {
    const { ven } = await startBoth();
    const { venId } = await ven.register();
    expect(await ven.replyTo({ type: "oadrPoll", venID: venId })).toMatchObject({
      eiResponse: { responseCode: "459" },
    });
  });
});
