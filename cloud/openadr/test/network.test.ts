import { Agent, request } from "undici";
import { afterEach, describe, expect, it } from "vitest";
import type { HttpTransport } from "../src/exchange/index.ts";
import { MAX_SIGNED_MESSAGE_BYTES } from "../src/exchange/message-security.ts";
import { fingerprintOf, signSignedObject } from "../src/signature/index.ts";
import { formatPayload, type OadrMessage, wrapSignedObject, writeSignedObject } from "../src/wire20b/index.ts";
import { MAX_MESSAGE_BYTES } from "../src/xml/parse-xml.ts";
import { createVen, type NetworkVtn, openTransport, startVtn, toTlsMaterial } from "./network.ts";
import { createTestPki, type KeyKind, type TestIdentity } from "./test-pki.ts";

const pki = createTestPki();
const open: (NetworkVtn["server"] | HttpTransport)[] = [];

afterEach(async () => {
  for (const resource of open.splice(0).reverse()) await resource.close();
});

async function startSecured(kind: KeyKind, isSigning: boolean) {
  const server = pki.issue("vtn", kind);
  const network = await startVtn(toTlsMaterial(server, pki), isSigning);
  open.push(network.server);
  const connect = (client: TestIdentity, isClientSigning = isSigning) => {
    const transport = openTransport(network.url, toTlsMaterial(client, pki), isClientSigning);
    open.push(transport);
    return transport;
  };
  return { ...network, serverFingerprint: fingerprintOf(server.certificate), connect };
}

const query: OadrMessage = { type: "oadrQueryRegistration", requestID: "R" };

describe("over the network", () => {
  it.each([
    ["mutual TLS", "p256", false],
    ["RSA signatures", "rsa", true],
    ["P-256 signatures", "p256", true],
  ] as const)("a VEN registers and answers an event with %s", async (_, kind, isSigning) => {
    const { vtn, connect, faults } = await startSecured(kind, isSigning);
    const client = pki.issue("ven", kind);
    vtn.enrol(fingerprintOf(client.certificate));
    const ven = createVen(connect(client), { isSigning });
    const { venId } = await ven.register();
    const { eventId } = vtn.createEvent({
      venIds: [venId],
      startUnixMs: Date.now() + 600_000,
      duration: "PT5M",
      signals: [{ signalName: "SIMPLE", signalType: "level", intervals: [{ duration: "PT5M", value: 1 }] }],
    });
    await ven.poll();
    expect(vtn.state.deliveryOf(venId, eventId)).toMatchObject({ answer: { optType: "optIn" } });
    expect(faults).toEqual([]);
  });

  it("a certificate of another authority gets no connection", async () => {
    const { connect } = await startSecured("p256", false);
    const stranger = connect(createTestPki().issue("ven"));
    await expect(stranger.send("EiRegisterParty", query)).rejects.toMatchObject({ code: "unreachable" });
  });

  it("a certificate that is not enrolled gets no registration", async () => {
    const { connect } = await startSecured("p256", true);
    await expect(createVen(connect(pki.issue("ven"))).register()).rejects.toThrow("463");
  });

  it("one party cannot speak for another, by venID or by signature", async () => {
    const { vtn, connect, url } = await startSecured("p256", true);
    const [mine, other] = [pki.issue("a"), pki.issue("b")];
    for (const { certificate } of [mine, other]) vtn.enrol(fingerprintOf(certificate));
    const { venId } = await createVen(connect(mine)).register();
    await createVen(connect(other)).register();
    await expect(connect(other).send("OadrPoll", { type: "oadrPoll", venID: venId })).rejects.toThrow("403");
    const forged = openTransport(url, { ...toTlsMaterial(mine, pki) }, true);
    open.push(forged);
    await expect(forged.send("OadrPoll", { type: "oadrPoll", venID: venId })).resolves.toMatchObject({
      type: "oadrRegisterReport",
    });
  });

  it("an unsigned message is refused, but for the query of a party that has no venID yet", async () => {
    const { vtn, connect } = await startSecured("p256", true);
    const client = pki.issue("ven");
    vtn.enrol(fingerprintOf(client.certificate));
    const unsigned = connect(client, false);
    await expect(unsigned.send("EiRegisterParty", query)).resolves.toMatchObject({ vtnID: "VTN" });
    await createVen(connect(client)).register();
    await expect(unsigned.send("EiRegisterParty", query)).rejects.toThrow("403");
    await expect(unsigned.send("OadrPoll", { type: "oadrPoll", venID: "V" })).rejects.toThrow("403");
  });

  it("a signed message is taken up to its bound and not beyond", async () => {
    const { connect, url } = await startSecured("p256", true);
    const client = pki.issue("ven");
    const tls = { cert: client.certificatePem, key: client.privateKeyPem, ca: pki.caPem };
    const agent = new Agent({ connect: tls });
    const post = async (size: number) => {
      const signedObject = writeSignedObject(query);
      const signature = signSignedObject(signedObject, client, { nowUnixMs: Date.now(), nonce: `size-${size}` });
      const body = wrapSignedObject(signedObject, signature).padEnd(size);
      const headers = { "content-type": "application/xml" };
      const answer = await request(`${url}/EiRegisterParty`, { method: "POST", headers, body, dispatcher: agent });
      await answer.body.dump();
      return answer.statusCode;
    };
    expect([await post(MAX_SIGNED_MESSAGE_BYTES), await post(MAX_SIGNED_MESSAGE_BYTES + 1)]).toEqual([200, 413]);
    await agent.destroy();
    await expect(connect(client).send("EiRegisterParty", query)).resolves.toMatchObject({ vtnID: "VTN" });
  });

  it("a VEN talks to the VTN it was told and to no other", async () => {
    const { url, serverFingerprint } = await startSecured("p256", true);
    const client = pki.issue("ven");
    const pinned = openTransport(url, toTlsMaterial(client, pki), true, serverFingerprint);
    const other = openTransport(url, toTlsMaterial(client, pki), true, fingerprintOf(client.certificate));
    open.push(pinned, other);
    await expect(pinned.send("EiRegisterParty", query)).resolves.toMatchObject({ vtnID: "VTN" });
    await expect(other.send("EiRegisterParty", query)).rejects.toMatchObject({ code: "foreign-peer" });
  });
});

describe("the HTTP face of the VTN", () => {
  async function post(body: string | Uint8Array<ArrayBuffer>, path = "/OadrPoll", type = "application/xml") {
    const { server, url, faults } = await startVtn(undefined);
    open.push(server);
    const response = await fetch(url + path, { method: "POST", body, headers: { "content-type": type } });
    expect(faults).toEqual([]);
    return { status: response.status, text: await response.text() };
  }

  const poll = formatPayload({ type: "oadrPoll", venID: "V" });

  it("answers what it understands with 200 and XML", async () => {
    expect(await post(poll)).toMatchObject({ status: 200, text: expect.stringContaining("oadrRequestReregistration") });
    expect(await post(poll, "/OadrPoll", "text/xml; charset=utf-8")).toMatchObject({ status: 200 });
  });

  it("answers a closing message with nothing", async () => {
    const closing = formatPayload({ type: "oadrResponse", eiResponse: { responseCode: "200", requestID: "" } });
    expect(await post(closing, "/EiRegisterParty")).toEqual({ status: 200, text: "" });
  });

  it.each([
    ["nothing", "", 400],
    ["text", "hello", 400],
    ["UTF-16", Buffer.from(`\ufeff${poll}`, "utf16le"), 400],
    ["an entity bomb", '<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>', 400],
    ["deep nesting", "<a>".repeat(100_000), 400],
    ["a foreign document", "<html/>", 400],
    ["too much", " ".repeat(MAX_MESSAGE_BYTES + 1), 413],
  ])("refuses %s", async (_, body, status) => {
    expect(await post(body)).toMatchObject({ status });
  });

  it("refuses other media types, methods and paths", async () => {
    expect(await post("{}", "/OadrPoll", "application/json")).toMatchObject({ status: 415 });
    expect(await post(poll, "/Nothing")).toMatchObject({ status: 404 });
    const { server, url } = await startVtn(undefined);
    open.push(server);
    expect((await fetch(`${url}/OadrPoll`)).status).toBe(404);
  });

  it("refuses a signature made by one party and sent by another", async () => {
    const { vtn, connect, url } = await startSecured("p256", true);
    const [sender, signer] = [pki.issue("sender"), pki.issue("signer")];
    vtn.enrol(fingerprintOf(sender.certificate));
    vtn.enrol(fingerprintOf(signer.certificate));
    const mixed = { ...toTlsMaterial(sender, pki) };
    const transport = connect(sender);
    const signedObject = writeSignedObject(query);
    const signature = signSignedObject(signedObject, signer, { nowUnixMs: Date.now(), nonce: "n" });
    const agent = new Agent({ connect: { cert: mixed.certificatePem, key: mixed.privateKeyPem, ca: mixed.caPem } });
    const headers = { "content-type": "application/xml" };
    const body = wrapSignedObject(signedObject, signature);
    const { statusCode } = await request(`${url}/EiRegisterParty`, {
      method: "POST",
      headers,
      body,
      dispatcher: agent,
    });
    await agent.destroy();
    expect(statusCode).toBe(403);
    await expect(transport.send("EiRegisterParty", query)).resolves.toMatchObject({ vtnID: "VTN" });
  });
});
