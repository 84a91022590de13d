import { expect, it } from "vitest";
import * as page from "./index.ts";

it("has a small public face", () => {
  expect(Object.keys(page)).toEqual(["serveApp", "servePage"]);
});
