import { describe, expect, it } from "vitest";
import { JsonProcess } from "./json-process.ts";

/** A program of Node's that does just this. */
const program = (script: string) => new JsonProcess("the program", process.execPath, ["-e", script]);

describe("a program that speaks JSON", () => {
  it("answers line by line what it is told, and ends with its input", async () => {
    const echo = program(`process.stdin.on("data", (bytes) => process.stdout.write(bytes));`);
    echo.tell({ envelopes: 1 });
    expect(await echo.answer()).toEqual({ envelopes: 1 });
    echo.tell({ envelopes: 2 });
    expect(await echo.answer()).toEqual({ envelopes: 2 });
    await echo.close();
    expect(() => process.kill(echo.pid(), 0)).toThrow("ESRCH");
  });

  it.each([
    ["says that it failed", `console.log('{"state":"failed","error":"no room"}')`, "the program: no room"],
    ["says so without a word", `console.log('{"state":"failed"}')`, 'the program: {"state":"failed"}'],
    ["ends without an answer", `console.error("why"); process.exit(4)`, "the program: ended with 4: why"],
  ])("is an error when it %s", async (_, script, message) => {
    const failing = program(script);
    await expect(failing.answer()).rejects.toMatchObject({ code: "PROCESS_FAILED", message });
    await failing.close();
  });
});
