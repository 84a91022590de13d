import { mkdirSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { modeOf, temporaryData } from "../../test/temporary-data.ts";
import type { CliError } from "../cli-error.ts";
import { Child } from "./child.ts";

const data = temporaryData({ beforeEach, afterEach });

/** Starts the command in a process of its own, and gives what it tells when it ends by itself. */
function start(...args: string[]): { child: Child; untilUnexpectedEnd: Promise<CliError> } {
  mkdirSync(data().at("logs"));
  const { promise: untilUnexpectedEnd, resolve } = Promise.withResolvers<CliError>();
  return { child: new Child({ name: "part", args, data: data() }, resolve), untilUnexpectedEnd };
}

describe("a part in a process of its own", () => {
  it("that ends by itself is reported, with its last words and the file that has the others", async () => {
    const { child, untilUnexpectedEnd } = start("ledger", "--data", data().at("nothing"));
    const log = data().at("logs", "part.err");
    const error = await untilUnexpectedEnd;
    expect(error.code).toBe("PROCESS_ENDED");
    expect(error.message).toMatch(/^part ended with 1; gridpact: .*is no Gridpact data directory.*part\.err\)$/);
    expect(readFileSync(log, "utf8")).toContain("is no Gridpact data directory");
    expect(modeOf(log)).toBe(0o600);
    await child.stop();
  });

  it("that is stopped has ended when that is done, and nothing is reported", async () => {
    const { child, untilUnexpectedEnd } = start("openadr", "vtn", "--port", "0", "--data", data().root);
    await child.stop();
    const silence = Promise.resolve("nothing reported");
    expect(await Promise.race([untilUnexpectedEnd, silence])).toBe("nothing reported");
  });
});
