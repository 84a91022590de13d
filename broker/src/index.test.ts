import { describe, expect, it } from "vitest";
import * as broker from "./index.ts";

describe("the public face of @gridpact/broker", () => {
  it("exports these names and no others", () => {
    expect(Object.keys(broker).sort()).toEqual([
      "AggregatorLinkError",
      "ConfigError",
      "DEFAULT_AGENT_OPTIONS",
      "HttpAggregatorLink",
      "RECEIPT_TRANSACTION_NAMES",
      "VnAgent",
      "issueEnrolmentToken",
      "openVirtualNode",
      "parseReceipt",
      "readVirtualNodeConfig",
      "receiptPath",
      "runVirtualNode",
    ]);
  });
});
