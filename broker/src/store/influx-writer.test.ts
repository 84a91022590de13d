import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HALVED_FROM_BYTES, InfluxWriter } from "./influx-writer.ts";

type Asked = {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingHttpHeaders;
  body: string;
  port: number | undefined;
};

/** Speaks InfluxDB's write API as far as its answers go: each test says how the next request is answered. */
let server: Server;
let answer: { status: number; body?: string; headers?: Record<string, string> } | "break off" = { status: 204 };
const asked: Asked[] = [];
beforeAll(async () => {
  server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    asked.push({ method, url, headers, body: await text(request), port: request.socket.remotePort });
    if (answer === "break off") request.socket.destroy();
    else response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
});
afterAll(() => server.close());

const writer = () => {
  const { port } = server.address() as AddressInfo;
  return new InfluxWriter({ url: `http://127.0.0.1:${port}/`, token: "t", org: "my org", bucket: "b&c" });
};
const LINES = Buffer.from("reading,device=a,feeder=F power_w=1i 1\n");

describe("InfluxWriter", () => {
  it("posts the bytes as they are, in milliseconds, to the bucket with the token", async () => {
    answer = { status: 204 };
    expect(await writer().write(LINES)).toBeUndefined();
    expect(asked.at(-1)).toMatchObject({
      method: "POST",
      url: "/api/v2/write?org=my+org&bucket=b%26c&precision=ms",
      headers: { authorization: "Token t" },
      body: LINES.toString(),
    });
  });

  it.each([
    [422, "points beyond retention policy"],
    [400, "partial write: field type conflict dropped=1"],
  ])("goes on after %i, where only some points cannot be stored, and says why", async (status, body) => {
    answer = { status, body };
    expect(await writer().write(LINES)).toBe(body);
  });

  it.each([
    ["no room", 429, {}, undefined],
    ["a limit with a wait", 429, { "retry-after": "7" }, 7_000],
    ["a wait beyond reason", 503, { "retry-after": "999999" }, 60_000],
    ["a wait in another form", 503, { "retry-after": "Fri, 31 Dec 2027 23:59:59 GMT" }, undefined],
    ["a fault", 500, {}, undefined],
    ["a wrong token", 401, {}, undefined],
    ["a bucket that is not there", 404, {}, undefined],
    ["lines that it cannot read", 400, {}, undefined],
  ] as const)("has stored nothing that it knows of at %s: %i", async (_name, status, headers, retryAfterMs) => {
    answer = { status, headers, body: "x".repeat(1_000) };
    const failure = await writer()
      .write(LINES)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "STORE_UNAVAILABLE", retryAfterMs });
    expect(String((failure as Error).cause).length).toBeLessThan(400);
  });

  it("posts many lines in two requests, parted at a line's end, and few in one", async () => {
    answer = { status: 204 };
    const lines = LINES.toString().repeat(Math.ceil(HALVED_FROM_BYTES / LINES.length));
    asked.length = 0;
    await writer().write(Buffer.from(lines));
    expect(asked.map(({ body }) => body.endsWith(" 1\n"))).toEqual([true, true]);
    expect(asked.map(({ body }) => body).join("")).toBe(lines);
    asked.length = 0;
    await writer().write(Buffer.from(lines.slice(0, HALVED_FROM_BYTES - 1)));
    expect(asked).toHaveLength(1);
  });

  it("has not stored all when one of two requests fails, and says why where one drops points", async () => {
    const lines = Buffer.from(LINES.toString().repeat(Math.ceil(HALVED_FROM_BYTES / LINES.length)));
    const answers = [{ status: 204 }, { status: 503 }, { status: 204 }, { status: 422, body: "too old" }];
    answer = {
      get status() {
        return (answers[0] as { status: number }).status;
      },
      get body() {
        return (answers.shift() as { body?: string }).body ?? "";
      },
    };
    await expect(writer().write(lines)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect(await writer().write(lines)).toBe("too old");
  });

  it("goes on with the connections that it has", async () => {
    answer = { status: 204 };
    asked.length = 0;
    const own = writer();
    await own.write(LINES);
    await own.write(LINES);
    expect(asked[1]?.port).toBe(asked[0]?.port);
    own.close();
  });

  it("sends nothing more once it has its answer, as the memory may be used again", async () => {
    const early = createServer((_request, response) => void response.writeHead(503).end());
    await new Promise<void>((resolve) => {
      early.listen(0, "127.0.0.1", resolve);
    });
    const ended = new Promise<void>((resolve) => {
      early.on("connection", (socket) => socket.once("close", () => resolve()));
    });
    const { port } = early.address() as AddressInfo;
    const own = new InfluxWriter({ url: `http://127.0.0.1:${port}`, token: "t", org: "o", bucket: "b" });
    // More than sockets buffer, and the server reads nothing of it.
    const written = own.write(Buffer.alloc(64 * 1024 * 1024, "x"));
    await expect(written).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    await ended;
    early.close();
  });

  it("is unavailable when the connection breaks off", async () => {
    answer = "break off";
    await expect(writer().write(LINES)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  });
});
