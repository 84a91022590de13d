import { canonicalJson } from "@gridpact/settlement";
import { beforeEach, describe, expect, it } from "vitest";
import type { ContractErrorCode, Evidence, Sc2Terms, TransactionArgument, TransactionName } from "../src/index.ts";
import type { Identity } from "./certificate.ts";
import { acceptedSc1, acceptedSc2, fullEvidence, meter } from "./event.ts";
import type { Feid } from "./feid.ts";
import {
  AGGREGATOR,
  AUDITOR,
  acceptance,
  BEFORE_EVENT_UNIX_MS,
  consent,
  DISTRICT,
  DSO,
  EVENT_START_UNIX_MS,
  type Market,
  openMarket,
  programme,
  sc1Terms,
  sc2Terms,
  wholeOf,
} from "./market.ts";
import { assertRefused, type Call } from "./refusal.ts";

type AnyCall = { [N in TransactionName]: Call<N> }[TransactionName];

/** What the careless, late or hostile send: each is refused by its code, and leaves the state as it was. */
describe("bad input", () => {
  let market: Market;
  let feids: Feid[];
  let terms: Sc2Terms;
  let evidence: Evidence;
  let foreign: Evidence;

  /** A request of the programme `evening`, accepted; the first device's contract is accepted, the second's offered. */
  beforeEach(async () => {
    ({ market, feids } = await openMarket(2));
    await market.submit(AGGREGATOR, "programmes:Publish", programme({ noticeMs: 0 }));
    const enrolment = { programmeId: "evening", vnId: "district", orderedWhPerIntervalMax: null };
    await market.submit(DISTRICT, "programmes:Enrol", enrolment);
    await acceptedSc1(market, feids);
    [terms] = (await acceptedSc2(market, feids.slice(0, 1))) as [Sc2Terms];
    await market.offer(sc2Terms("feid-2"));
    evidence = fullEvidence(market, await market.anchor(meter(feids[0] as Feid, terms, [2_000n, 2_000n])));
    foreign = fullEvidence(market, await market.anchor(meter(feids[1] as Feid, terms, [2_000n, 2_000n])));
  });

  const call = <N extends TransactionName>(caller: Identity, name: N, argument: TransactionArgument<N>) =>
    ({ caller, name, argument }) as unknown as AnyCall;
  const settle = (of: Evidence | null) =>
    call(DISTRICT, "sc2:SettleDR", { contractId: terms.contractId, evidence: of });
  const request = (changes: Parameters<typeof sc1Terms>[0]) =>
    call(AGGREGATOR, "sc1:SetupDR", sc1Terms({ contractId: "sc1-2", programmeId: "evening", ...changes }));
  const tampered = (change: (hex: string) => string): Evidence => {
    const [first, ...rest] = evidence.envelopes as [Evidence["envelopes"][number], ...Evidence["envelopes"]];
    return { ...evidence, envelopes: [{ ...first, envelopeHex: change(first.envelopeHex) }, ...rest] };
  };
  const second = () => (feids[1] as Feid).identity;

  const CASES: [what: string, code: ContractErrorCode, make: () => AnyCall][] = [
    ["evidence that is no message", "EVIDENCE_MALFORMED", () => settle(tampered(() => "ff"))],
    ["evidence with a flipped byte", "EVIDENCE_BAD_SIGNATURE", () => settle(tampered((hex) => flip(hex)))],
    ["no evidence for an accepted contract", "EVIDENCE_MISSING", () => settle(null)],
    [
      "evidence for fewer boundaries",
      "EVIDENCE_MALFORMED",
      () => settle({ ...evidence, boundaries: evidence.boundaries.slice(1) }),
    ],
    ["evidence of a foreign device", "EVIDENCE_FOREIGN_DEVICE", () => settle(foreign)],
    [
      "a contract for a device that nobody enrolled",
      "REGISTRY_DEVICE_UNKNOWN",
      () => call(DISTRICT, "sc2:SetupDR", { chunkNo: 9, terms: sc2Terms("feid-9") }),
    ],
    ["an expired programme", "PROGRAMME_EXPIRED", () => request({ intervals: shifted(86_400_000) })],
    ["more than the programme's capacity", "PROGRAMME_OVER_CAPACITY", () => request({ orderedWh: [2_501n, 0n] })],
    [
      "an acceptance after the contract began, by the client's own clock",
      "SC2_LATE_ACCEPTANCE",
      () => {
        market.nowUnixMs = EVENT_START_UNIX_MS;
        return call(second(), "sc2:AcceptReduction", consent(sc2Terms("feid-2")));
      },
    ],
    ["the wrong role", "ACCESS_DENIED", () => call(AUDITOR, "sc1:SettleDR", wholeOf())],
    ["the wrong owner", "ACCESS_NOT_OWNER", () => call(second(), "sc2:AcceptReduction", consent(terms))],
    ["a request that was made before", "SC1_EXISTS", () => call(AGGREGATOR, "sc1:SetupDR", sc1Terms())],
    [
      "an acceptance that was made before",
      "SC2_WRONG_STATE",
      () => call((feids[0] as Feid).identity, "sc2:AcceptReduction", consent(terms)),
    ],
    [
      "other baselines after the acceptance",
      "SC1_WRONG_STATE",
      () => call(DISTRICT, "sc1:AcceptReduction", acceptance(["feid-1"])),
    ],
    [
      "a contract with another baseline than was committed",
      "SC2_BASELINE_HINDSIGHT",
      () =>
        call(DISTRICT, "sc2:SetupDR", {
          chunkNo: 9,
          terms: sc2Terms("feid-2", { contractId: "x", baselineWh: [9_000n, 9_000n] }),
        }),
    ],
  ];

  it.each(CASES)("is refused: %s", async (_, code, make) => {
    const { caller, name, argument } = make();
    await assertRefused(market, { caller, name, argument: argument as never }, code);
  });

  it("is refused: the second request beyond the daily limit", async () => {
    await market.submit(AGGREGATOR, "sc1:SetupDR", sc1Terms({ contractId: "first", programmeId: "evening" }));
    const { caller, name, argument } = request({});
    await assertRefused(market, { caller, name, argument: argument as never }, "PROGRAMME_DAILY_LIMIT");
  });

  it("is refused: a late acceptance whose timestamp lies, when the channel knows better", async () => {
    for (const caller of [DSO, AUDITOR]) {
      market.nowUnixMs = EVENT_START_UNIX_MS;
      await market.submit(caller, "time:AttestInstant", { instantUnixMs: EVENT_START_UNIX_MS });
    }
    market.nowUnixMs = BEFORE_EVENT_UNIX_MS;
    const accept = { caller: second(), name: "sc2:AcceptReduction", argument: consent(sc2Terms("feid-2")) } as const;
    await assertRefused(market, accept, "SC2_LATE_ACCEPTANCE");
  });

  it("has no effect twice: the same endorsement is valid in a block once", async () => {
    const argument = canonicalJson(consent(sc2Terms("feid-2")));
    const sent = { name: "sc2:AcceptReduction", args: [argument], atUnixMs: market.nowUnixMs };
    const endorsement = await market.ledger.endorse(second(), sent);
    expect([market.ledger.commit(endorsement), market.ledger.commit(endorsement)]).toEqual([true, false]);
  });
});

function flip(hex: string): string {
  const at = hex.length - 20;
  return hex.slice(0, at) + (hex[at] === "0" ? "1" : "0") + hex.slice(at + 1);
}

function shifted(ms: number) {
  return sc1Terms().intervals.map(({ startUnixMs, endUnixMs }) => ({
    startUnixMs: startUnixMs + ms,
    endUnixMs: endUnixMs + ms,
  }));
}
