import { describe, expect, it } from "vitest";
import { buildConfigtx, CHANNEL_PROFILE, endorsementRule, SMART_BFT } from "./configtx.ts";
import { FabricPaths } from "./paths.ts";
import { containerTopology } from "./topology.ts";

type Organisation = { ID: string; OrdererEndpoints: string[]; AnchorPeers: { Host: string; Port: number }[] };
type Profile = {
  Capabilities: object;
  Orderer: { OrdererType: string; ConsenterMapping: { ID: number; MSPID: string; Host: string }[] };
  Application: { Organizations: Organisation[]; Policies: Record<string, { Rule: string }> };
};

const { Profiles } = buildConfigtx(containerTopology(), new FabricPaths("/fabric")) as {
  Profiles: Record<string, Profile>;
};
const profile = Profiles[CHANNEL_PROFILE] as Profile;

const seconds = (duration: string) => {
  const [, minutes = "0", rest = "0"] = /^(?:(\d+)m)?(\d+)s$/.exec(duration) ?? [];
  return Number(minutes) * 60 + Number(rest);
};

describe("the channel's configuration", () => {
  it("orders by SmartBFT, which asks for capability V3_0, with one consenter in each of four organisations", () => {
    expect(profile.Orderer.OrdererType).toBe("BFT");
    expect(profile.Capabilities).toEqual({ V3_0: true });
    expect(profile.Orderer.ConsenterMapping.map(({ ID }) => ID)).toEqual([1, 2, 3, 4]);
    expect(new Set(profile.Orderer.ConsenterMapping.map(({ MSPID }) => MSPID)).size).toBe(4);
  });

  it("names every peer as an anchor in the first block, and an orderer for every organisation", () => {
    const { Organizations } = profile.Application;
    expect(Organizations.flatMap(({ AnchorPeers }) => AnchorPeers)).toEqual([
      { Host: "peer-aggregator", Port: 7051 },
      { Host: "peer-vn", Port: 7051 },
    ]);
    for (const { OrdererEndpoints } of Organizations) expect(OrdererEndpoints).toHaveLength(1);
  });

  it("asks for two organisations' peers for money as for a change of the contracts", () => {
    const { Endorsement, LifecycleEndorsement } = profile.Application.Policies;
    expect(Endorsement?.Rule).toBe(endorsementRule(["AggregatorMSP", "VnMSP", "DsoMSP", "AuditorMSP"]));
    expect(LifecycleEndorsement).toEqual(Endorsement);
    expect(endorsementRule(["A", "B"])).toBe("OutOf(2, 'A.peer', 'B.peer')");
  });
});

describe("the timeouts of consensus", () => {
  const { RequestForwardTimeout, RequestComplainTimeout, RequestAutoRemoveTimeout } = SMART_BFT;
  const { ViewChangeResendInterval, ViewChangeTimeout, LeaderHeartbeatTimeout } = SMART_BFT;

  it("are in the order that SmartBFT asks for", () => {
    expect(seconds(RequestForwardTimeout)).toBeLessThan(seconds(RequestComplainTimeout));
    expect(seconds(RequestComplainTimeout)).toBeLessThan(seconds(RequestAutoRemoveTimeout));
    expect(seconds(ViewChangeResendInterval)).toBeLessThan(seconds(ViewChangeTimeout));
  });

  it("leave time for a dead leader to be noticed and replaced within 15 s", () => {
    // Also when the next two leaders do not take over: each failed change makes the next one that much longer.
    expect(seconds(LeaderHeartbeatTimeout) + seconds(ViewChangeTimeout) * (1 + 2)).toBeLessThan(15);
  });
});
