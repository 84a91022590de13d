import { expect, it } from "vitest";
import * as loadtest from "./index.ts";

it("exports these names and no others", () => {
  expect(Object.keys(loadtest).sort()).toEqual([
    "K6MissingError",
    "MTU_MS",
    "WAL_DIRECTORY",
    "k6Program",
    "loadedConfig",
    "runChildHost",
    "tellParent",
  ]);
});
