import { SeededRandom, VirtualClock } from "@gridpact/host";
import { checkVerdict } from "@gridpact/ledger/receipts";
import { canonicalJson } from "@gridpact/settlement";
import { describe, expect, it } from "vitest";
import { sampleAudit } from "../../test/sample-audit.ts";
import { channelConsortium } from "../consortium/channel-consortium.ts";
import { consortiumMembers, makeConsortium, memberOf, validityFor } from "../consortium/consortium.ts";
import { signVerdict, verdictOf } from "./signed-verdict.ts";

const clock = new VirtualClock(Date.parse("2016-02-01T00:00:00Z"));

function consortiumOf(seed: string) {
  const random = new SeededRandom(seed);
  return makeConsortium(consortiumMembers(["district"], ["localhost"]), {
    random,
    clock,
    validity: validityFor([clock]),
  });
}

const members = consortiumOf("verdict");
const consortium = channelConsortium(members);

const verdictAt = (madeAtUnixMs = clock.nowUnixMs()) =>
  verdictOf(sampleAudit(), { consortium, ledgerKind: "embedded", madeAtUnixMs });

const signed = signVerdict(verdictAt(), memberOf(members, "auditor"));

describe("a signed verdict", () => {
  it("holds for the auditor's own signature, and says what it is about", () => {
    expect(checkVerdict(signed, consortium)).toEqual({
      ok: true,
      auditor: "auditor",
      mspId: "AuditorMSP",
      verdict: {
        ok: true,
        ledgerKind: "embedded",
        madeAtUnixMs: clock.nowUnixMs(),
        headHashHex: "ab".repeat(32),
        blocks: 3,
        findingsTotal: 0,
      },
    });
  });

  it("does not hold when a word of it was changed", () => {
    const changed = signed.replace('\\"blocks\\":3', '\\"blocks\\":4');
    expect(changed).not.toBe(signed);
    expect(checkVerdict(changed, consortium)).toMatchObject({
      ok: false,
      reason: "SIGNER",
      detail: "SIGNATURE_INVALID",
    });
  });

  it.each(["administrator", "aggregator", "peer-vn"])("does not hold when %s signed it", (name) => {
    const check = checkVerdict(signVerdict(verdictAt(), memberOf(members, name)), consortium);
    expect(check).toMatchObject({ ok: false, reason: "NOT_AN_AUDITOR" });
  });

  it("does not hold by the auditor of another consortium, by either trust", () => {
    const others = consortiumOf("others");
    const foreign = signVerdict(verdictAt(), memberOf(others, "auditor"));
    expect(checkVerdict(foreign, consortium)).toMatchObject({ ok: false, reason: "SIGNER" });
    expect(checkVerdict(foreign, channelConsortium(others))).toMatchObject({ ok: false, reason: "OTHER_TRUST" });
  });

  it("does not hold when the certificate had ended", () => {
    const late = signVerdict(verdictAt(clock.nowUnixMs() + 50 * 365 * 86_400_000), memberOf(members, "auditor"));
    expect(checkVerdict(late, consortium)).toMatchObject({ ok: false, detail: "CERTIFICATE_EXPIRED" });
  });

  it.each([
    ["no JSON", "PASS"],
    ["null", "null"],
    ["another form", canonicalJson({ ok: true })],
    ["another order of its keys", `${JSON.stringify(JSON.parse(signed), ["verdictText", "signatureHex", "auditor"])}`],
    ["no verdict in it", signed.replace("gridpact-audit", "gridpact-other")],
  ])("is refused as %s", (_, text) => {
    expect(checkVerdict(text, consortium)).toMatchObject({ ok: false, reason: "FORM" });
  });
});
