import { describe, expect, it } from "vitest";
import { parseEvalArguments } from "./eval-arguments.ts";

const parse = (...args: string[]) => parseEvalArguments(args, ["forecast", "clusters", "training"]);

describe("parseEvalArguments", () => {
  it("takes a subject, a folder of data and where to write the report", () => {
    expect(parse("forecast", "--data", "sets", "--json", "out.json")).toEqual({
      subject: "forecast",
      dataDir: "sets",
      jsonPath: "out.json",
      seriesCount: undefined,
    });
    expect(parse("training", "--data", "sets", "--series", "1000000")).toMatchObject({ seriesCount: 1_000_000 });
    expect(parse("clusters", "--data", "sets")).toMatchObject({ jsonPath: null });
  });

  it.each([
    ["no subject", ["--data", "sets"]],
    ["an unknown subject", ["weather", "--data", "sets"]],
    ["no data", ["forecast"]],
    ["two subjects", ["forecast", "clusters", "--data", "sets"]],
    ["an unknown option", ["forecast", "--data", "sets", "--fast"]],
    ["a count of series for what learns no fleet", ["forecast", "--data", "sets", "--series", "60"]],
    ["no series", ["training", "--data", "sets", "--series", "0"]],
    ["half a series", ["training", "--data", "sets", "--series", "0.5"]],
    ["more series than there can be", ["training", "--data", "sets", "--series", "1000001"]],
  ])("answers %s with the usage", (_, args) => {
    expect(parse(...args)).toContain("SUBJECT          forecast, clusters, training");
  });
});
