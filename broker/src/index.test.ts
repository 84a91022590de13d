import { describe, expect, it } from "vitest";
import * as broker from "./index.ts";

describe("the public face of @gridpact/broker", () => {
  it("exports these names and no others", () => {
    expect(Object.keys(broker).sort()).toEqual([
      "ConfigError",
      "issueEnrolmentToken",
      "openVirtualNode",
      "readVirtualNodeConfig",
      "runVirtualNode",
    ]);
  });
});
