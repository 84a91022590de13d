import { describe, expect, it } from "vitest";
import * as broker from "./index.ts";

describe("the public face of @gridpact/broker", () => {
  it("exports these names and no others", () => {
    expect(Object.keys(broker).sort()).toEqual([
      "ACCEPTANCE_NAMES",
      "AnchorError",
      "ConfigError",
      "DEFAULT_AGENT_OPTIONS",
      "DeviceLinkError",
      "EvidenceError",
      "HttpProfileLink",
      "IngestError",
      "ProfileLinkError",
      "RECEIPT_TRANSACTION_NAMES",
      "StoreError",
      "VnAgent",
      "explainKept",
      "issueEnrolmentToken",
      "keptPerMille",
      "listenForAgentPage",
      "openVirtualNode",
      "parseReceipt",
      "readBalance",
      "readVirtualNodeConfig",
      "receiptPath",
      "receiptSelection",
      "retentionFault",
      "runVirtualNode",
      "unpackReceipt",
    ]);
  });
});
