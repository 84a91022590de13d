import { describe, expect, it } from "vitest";
import { parseEvalArguments } from "./eval-arguments.ts";

const parse = (...args: string[]) => parseEvalArguments(args, ["forecast", "clusters"]);

describe("parseEvalArguments", () => {
  it("takes a subject, a folder of data and where to write the report", () => {
    expect(parse("forecast", "--data", "sets", "--json", "out.json")).toEqual({
      subject: "forecast",
      dataDir: "sets",
      jsonPath: "out.json",
    });
    expect(parse("clusters", "--data", "sets")).toMatchObject({ jsonPath: null });
  });

  it.each([
    ["no subject", ["--data", "sets"]],
    ["an unknown subject", ["weather", "--data", "sets"]],
    ["no data", ["forecast"]],
    ["two subjects", ["forecast", "clusters", "--data", "sets"]],
    ["an unknown option", ["forecast", "--data", "sets", "--fast"]],
  ])("answers %s with the usage", (_, args) => {
    expect(parse(...args)).toContain("usage: npm run eval -- forecast|clusters");
  });
});
