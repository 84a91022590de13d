import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { SeededRandom, signingKeyFromSeed } from "@gridpact/host";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ANSWER_BYTES_MAX, httpsPost } from "../src/enrol/https-post.ts";
import { keyPem, makeAuthority } from "./certificates.ts";

const random = new SeededRandom("https");
const serverKey = signingKeyFromSeed(random.bytes(32));
const authority = makeAuthority(signingKeyFromSeed(random.bytes(32)));
const stranger = makeAuthority(signingKeyFromSeed(random.bytes(32)));

/** Echoes what it got; a path of digits asks for an answer of that many bytes. */
const server = createServer(
  { cert: authority.issue("vn", serverKey.publicKey), key: keyPem(serverKey) },
  (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const wanted = Number(request.url?.slice(1));
      const echo = `${request.method} ${request.headers["content-type"]} ${Buffer.concat(chunks)}`;
      response.statusCode = 201;
      response.end(wanted > 0 ? "x".repeat(wanted) : echo);
    });
  },
);
let url = "";

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

afterAll(async () => {
  server.close();
  await once(server, "close");
});

describe("httpsPost", () => {
  it("posts bytes and gives status and body", async () => {
    const answer = await httpsPost(authority.certificate.pem)(url, Buffer.from("hello"));
    expect(answer).toEqual({ status: 201, body: "POST application/octet-stream hello" });
  });

  it("refuses a server of another authority", async () => {
    await expect(httpsPost(stranger.certificate.pem)(url, Buffer.from("secret"))).rejects.toThrow("certificate");
  });

  it("takes an answer up to its bound and cuts off a longer one", async () => {
    const post = httpsPost(authority.certificate.pem);
    expect((await post(`${url}${ANSWER_BYTES_MAX}`, new Uint8Array())).body).toHaveLength(ANSWER_BYTES_MAX);
    await expect(post(`${url}${ANSWER_BYTES_MAX + 1}`, new Uint8Array())).rejects.toThrow("more than");
  });

  it("fails when nobody listens", async () => {
    const gone = createServer();
    gone.listen(0, "127.0.0.1");
    await once(gone, "listening");
    const { port } = gone.address() as AddressInfo;
    gone.close();
    await once(gone, "close");
    const posting = httpsPost(authority.certificate.pem)(`https://127.0.0.1:${port}/`, new Uint8Array());
    await expect(posting).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });
});
