import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../src/clock.ts";
import { HttpTransport } from "../src/exchange/index.ts";
import { MAX_BODY_BYTES, Oadr3Client } from "../src/oadr3/index.ts";
import { MAX_PAGE } from "../src/oadr3/vtn3.ts";
import { MAX_MESSAGE_BYTES } from "../src/xml/parse-xml.ts";
import { createLaboratory } from "./laboratory.ts";
import { securityOf } from "./network.ts";

const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

interface Answer {
  readonly status?: number;
  readonly body: string;
}

/** A server that is no VTN: it answers what `answerTo` says, whatever it is asked. */
async function strangeServer(answerTo: (path: string) => Answer): Promise<string> {
  const server: Server = createServer((request, response) => {
    request.resume();
    const { status = 200, body } = answerTo(request.url ?? "");
    response.writeHead(status).end(body);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  open.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("a VEN 2.0b whose VTN answers", () => {
  it.each([
    ["an error of HTTP", { status: 500, body: "" }, { code: "http-status", message: expect.stringContaining("500") }],
    ["no XML", { body: "<html" }, { code: "bad-answer" }],
    ["more than a message can be", { body: " ".repeat(MAX_MESSAGE_BYTES + 1) }, { code: "bad-answer" }],
  ])("%s refuses it by name", async (_, answer, refusal) => {
    const url = await strangeServer(() => answer);
    const transport = new HttpTransport(
      { url, tls: undefined, peerFingerprint: undefined },
      securityOf(undefined, false),
    );
    open.push(transport);
    const asked = transport.send("OadrPoll", { type: "oadrPoll", venID: "V" });
    await expect(asked).rejects.toMatchObject(refusal);
  });

  it("nothing yet has no venID to ask with", async () => {
    await expect(createLaboratory().addVen().ven.requestEvents()).rejects.toMatchObject({ code: "not-registered" });
  });
});

describe("a client of a 3.1 VTN that answers", () => {
  const TOKEN = JSON.stringify({ access_token: "t", expires_in: 3600 });

  /** `tokenUrl` is given, so that the first thing asked is a token and the second is `answer`. */
  async function clientOf(answer: Answer, token: Answer = { body: TOKEN }): Promise<Oadr3Client> {
    const url = await strangeServer((path) => (path === "/token" ? token : answer));
    const secrets = { clientId: "c", clientSecret: "s" };
    const client = new Oadr3Client({ url, tokenUrl: `${url}/token`, ...secrets, clock: systemClock });
    open.push(client);
    return client;
  }

  it.each([
    ["no JSON", { body: "<html>" }, { code: "bad-answer" }],
    ["a refusal that is no problem of RFC 9457", { status: 500, body: "null" }, { code: "bad-answer", status: 500 }],
    ["a refusal", { status: 403, body: '{"detail":"not yours"}' }, { code: "refused", status: 403 }],
    ["more than the largest page", { body: " ".repeat(MAX_PAGE * MAX_BODY_BYTES + 1) }, { code: "bad-answer" }],
  ])("%s refuses it by name", async (_, answer, refusal) => {
    await expect((await clientOf(answer)).search("programs")).rejects.toMatchObject(refusal);
  });

  it.each([
    ["no token", { status: 401, body: "{}" }, { code: "unauthorized", status: 401 }],
    ["null for a token", { body: "null" }, { code: "bad-answer" }],
    ["a token without the token", { body: "{}" }, { code: "bad-answer" }],
  ])("%s asks nothing more", async (_, token, refusal) => {
    const client = await clientOf({ body: "[]" }, token);
    await expect(client.search("programs")).rejects.toMatchObject(refusal);
  });

  it("no address for tokens says which answer lacks it", async () => {
    const url = await strangeServer(() => ({ body: "{}" }));
    const client = new Oadr3Client({ url, clientId: "c", clientSecret: "s", clock: systemClock });
    open.push(client);
    const refusal = { code: "bad-answer", message: `${url}/auth/server answered without tokenURL` };
    await expect(client.search("programs")).rejects.toMatchObject(refusal);
  });
});
