import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MESSAGE_TYPES } from "../src/wire20b/message.ts";
import { formatPayload, parsePayload } from "../src/wire20b/payload.ts";
import { findPeer, OPENLEADR } from "./python-peer.ts";
import { SAMPLE_MESSAGES } from "./sample-messages.ts";
import { openSchema } from "./schema.ts";
import { skip } from "./skip.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const exchanges = join(import.meta.dirname, "../../../../shared/peers/openadr20b-exchanges");

const isMessage = (path: string) => path.endsWith(".xml") && !path.includes("__empty.resp");

/** The first test that needs the peer installs it. */
describe("the 2.0b wire", { timeout: 240_000 }, () => {
  it("has a sample of every message", () => {
    expect(SAMPLE_MESSAGES.map(({ type }) => type).sort()).toEqual([...MESSAGE_TYPES].sort());
  });

  it.each(SAMPLE_MESSAGES.map((message) => [message.type, message] as const))("reads back its own %s", (_, message) => {
    expect(parsePayload(encode(formatPayload(message)))).toEqual({ ok: true, message });
  });

  it("writes schema-valid XML for every message", async (context) => {
    const peer = await findPeer(OPENLEADR);
    if ("missing" in peer) return skip(context, peer.missing);
    const validate = openSchema(join(peer.folder, "schema"));
    for (const message of SAMPLE_MESSAGES) expect(() => validate(formatPayload(message)), message.type).not.toThrow();
    expect(() => validate(formatPayload({ type: "oadrPoll", venID: "V" }).replace("venID", "vtnID"))).toThrow();
  });

  it("reads all that another implementation sent, and writes it back unchanged in meaning", async (context) => {
    if (!existsSync(exchanges)) return skip(context, "no recorded exchanges beside the repository");
    const peer = await findPeer(OPENLEADR);
    const validate = "missing" in peer ? () => undefined : openSchema(join(peer.folder, "schema"));
    const paths = readdirSync(exchanges, { recursive: true, encoding: "utf8" }).filter(isMessage);
    expect(paths.length).toBeGreaterThan(70);
    for (const path of paths) {
      const parsed = parsePayload(readFileSync(join(exchanges, path)));
      if (!parsed.ok) throw new Error(`${path}: ${parsed.detail}`);
      const written = formatPayload(parsed.message);
      expect(parsePayload(encode(written)), path).toEqual(parsed);
      expect(() => validate(written), path).not.toThrow();
    }
  });

  it("answers any mutation of a message with a value, never with an exception", () => {
    const documents = SAMPLE_MESSAGES.map((message) => encode(formatPayload(message)));
    const mutation = fc.record({
      document: fc.nat(documents.length - 1),
      at: fc.nat(100_000),
      length: fc.nat(40),
      insert: fc.oneof(fc.uint8Array({ maxLength: 8 }), fc.constantFrom("<", ">", "&#0;", "<!", "]]>").map(encode)),
    });
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        let bytes = documents[mutations[0]?.document ?? 0] ?? new Uint8Array();
        for (const { at, length, insert } of mutations) {
          const from = at % bytes.length;
          bytes = Buffer.concat([bytes.subarray(0, from), insert, bytes.subarray(from + length)]);
        }
        const parsed = parsePayload(bytes);
        if (parsed.ok) expect(parsePayload(encode(formatPayload(parsed.message)))).toEqual(parsed);
        else expect(parsed.detail).not.toBe("");
      }),
      { numRuns: 3_000 },
    );
  });
});
