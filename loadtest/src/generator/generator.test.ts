import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { signingKeyFromSeed } from "@gridpact/host";
import { decode, envelopeSigningBytes, verifyZip215 } from "@gridpact/proto";
import { afterAll, describe, expect, it } from "vitest";
import { loadKey } from "../host/index.ts";
import { isGoThere, JsonProcess, ProcessFailedError, Publisher, signStock } from "./index.ts";

const hasGo = isGoThere();
if (!hasGo) process.stdout.write("Load generator not tested: there is no go on PATH to build it with.\n");

const directory = mkdtempSync(join(tmpdir(), "gridpact-stock-"));
afterAll(() => rmSync(directory, { recursive: true }));

const OPTIONS = {
  devices: ["load-00001", "load-00002"],
  envelopesPerDevice: 2,
  readings: 3,
  startUnixMs: 1_000,
  stepMs: 10,
  powerW: 7,
};

/** A line of JSON, then each envelope with its length before it. */
function envelopesIn(path: string): Uint8Array[] {
  const bytes = readFileSync(path);
  const envelopes: Uint8Array[] = [];
  for (let offset = bytes.indexOf("\n") + 1; offset < bytes.length; ) {
    const end = offset + 4 + bytes.readUInt32BE(offset);
    envelopes.push(bytes.subarray(offset + 4, end));
    offset = end;
  }
  return envelopes;
}

describe.runIf(hasGo)("the load generator", () => {
  it("signs as devices do, with keys that whoever enrols them derives too", () => {
    const path = join(directory, "stock");
    const sha256 = signStock(path, OPTIONS);
    const payloads = envelopesIn(path).map((envelope, index) => {
      const { payload, signature } = decode("SignedEnvelope", envelope);
      const { publicKey } = loadKey(OPTIONS.devices[Math.floor(index / 2)] ?? "");
      expect(verifyZip215(new Uint8Array(publicKey), envelopeSigningBytes(payload), signature)).toBe(true);
      return decode("EnvelopePayload", payload);
    });
    expect(payloads.map(({ deviceId, firstSeq }) => `${deviceId}/${firstSeq}`)).toEqual([
      "load-00001/0",
      "load-00001/3",
      "load-00002/0",
      "load-00002/3",
    ]);
    expect(payloads[1]?.readings.map(({ measuredAtUnixMs }) => measuredAtUnixMs)).toEqual([1_030n, 1_040n, 1_050n]);
    expect(signStock(path, OPTIONS)).toBe(sha256);
    expect(signStock(path, { ...OPTIONS, powerW: 8 })).not.toBe(sha256);
  });

  it("says what it lacks when it ends early", async () => {
    const files = { stock: join(directory, "nothing"), target: join(directory, "nothing") };
    await expect(Publisher.open("nobody", files)).rejects.toThrow(/generator of nobody: ended with 1: .*no stock/);
  });
});

describe("a program that answers in lines of JSON", () => {
  const script = (text: string) => new JsonProcess("script", process.execPath, ["-e", text]);

  it("answers one line at a time, and ends with its input", async () => {
    const echo = script(`process.stdin.pipe(process.stdout)`);
    for (const number of [1, 2]) {
      echo.tell({ number });
      expect(await echo.answer()).toEqual({ number });
    }
    await echo.close();
  });

  it("is taken at its word when it says that it failed", async () => {
    const failing = script(`console.log(JSON.stringify({ state: "failed", error: "no broker" }))`);
    await expect(failing.answer()).rejects.toThrow(new ProcessFailedError("script", "no broker"));
    await failing.close();
  });
});

it("keys of load devices differ by id and are real keys", () => {
  expect(loadKey("a").publicKey).not.toEqual(loadKey("b").publicKey);
  expect(loadKey("a").publicKey).toEqual(loadKey("a").publicKey);
  expect(loadKey("a").publicKey).not.toEqual(signingKeyFromSeed(new Uint8Array(32)).publicKey);
});
