import { describe, expect, it } from "vitest";
import * as broker from "./index.ts";

describe("the public face of @gridpact/broker", () => {
  it("exports these names and no others", () => {
    expect(Object.keys(broker).sort()).toEqual([
      "AnchorError",
      "ConfigError",
      "DEFAULT_AGENT_OPTIONS",
      "DeviceLinkError",
      "EvidenceError",
      "HttpProfileLink",
      "IngestError",
      "ProfileLinkError",
      "StoreError",
      "ThreadDispatcher",
      "VnAgent",
      "explainKept",
      "issueEnrolmentToken",
      "keptPerMille",
      "listenForAgentPage",
      "openVirtualNode",
      "readBalance",
      "readVirtualNodeConfig",
      "receiptPath",
      "retentionFault",
      "runVirtualNode",
    ]);
  });
});
