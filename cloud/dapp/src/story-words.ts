/** What happened in an event, told to the one whose device it was. */
import type { ReceiptStory, StoryAct, VerificationReport } from "@gridpact/ledger/receipts";
import { dateTimeOf, energyText, moneyText, priceText, timeOf } from "@gridpact/page/amounts.js";

/** One thing that happened, and where it can be found on the ledger. */
export type StoryLine = { title: string; words: string; proof: string };

type Money = NonNullable<VerificationReport["money"]>;

/** From the request to the payment, in order. */
export function storyLines(story: ReceiptStory, money: Money): StoryLine[] {
  const { receipt, request } = story;
  const { terms, settlement } = receipt;
  const actOf = (...names: StoryAct["name"][]) => proofOf(story.acts.find(({ name }) => names.includes(name)));
  const asked = energyText(sum(request.orderedWh));
  const paid = `${moneyText(money.paidMicro)} paid out`;
  const returned = moneyText(money.depositReturnedMicro);
  return [
    {
      title: "Request",
      words: `The aggregator asked ${request.vnId} for ${asked} less import, ${spanWords(request.intervals)}.`,
      proof: actOf("sc1:AcceptReduction"),
    },
    {
      title: "Plan",
      words:
        `Before it began, ${request.vnId} fixed on the ledger what ${story.candidates} devices were expected to use ` +
        "(their baselines), so that nobody could choose with hindsight.",
      proof: actOf("sc1:AcceptReduction"),
    },
    { title: "Baseline", words: baselineWords(story), proof: actOf("sc1:AcceptReduction") },
    {
      title: "Contract",
      words:
        `${terms.deviceId} was to use ${energyText(sum(terms.orderedWh))} less ` +
        `at ${priceText(terms.priceMicroPerWh)}, ` +
        `with a penalty of ${priceText(terms.penaltyMicroPerWh)} for what it failed to deliver, ` +
        `${moneyText(terms.penaltyCapMicro)} at most. ${acceptanceWords(story)}`,
      proof: actOf("sc2:AcceptReduction", "sc2:AcceptReductionBatch"),
    },
    ...amendmentLines(story),
    {
      title: "Readings",
      words: readingWords(story),
      proof: `${receipt.anchors.length} commitments of ${receipt.vnId} on the ledger`,
    },
    {
      title: "Delivered",
      words:
        `${energyText(settlement.deliveredWh)} of ${energyText(settlement.orderedWh)} ordered: ` +
        `${OUTCOMES[settlement.outcome]}. Each interval counts what is below its baseline, up to the order.`,
      proof: actOf("sc2:SettleDRBatch"),
    },
    {
      title: "Money",
      words:
        `${moneyText(settlement.paidMicro)} earned, ${moneyText(settlement.penaltyMicro)} penalty. ` +
        `Locked before the event: ${moneyText(settlement.escrowMicro)} to be earned, ` +
        `${moneyText(settlement.depositMicro)} as its deposit.`,
      proof: actOf("sc1:SettleDR"),
    },
    {
      title: "Payment",
      words: `${paid} and ${returned} of the deposit returned. ${heldWords(story, money)}`,
      proof: actOf("sc1:DRCompletion"),
    },
  ];
}

/** Why the device was chosen, as far as its receipt can say. */
export function chosenLines({ receipt, candidates, chosenTogether }: ReceiptStory): string[] {
  const { terms, vnId } = receipt;
  const first =
    terms.kind === "original"
      ? "It was chosen when the event was planned."
      : "It was called in during the event, in the place of a device that delivered less than it was to.";
  return [
    first,
    `${vnId} had ${candidates} ${candidates === 1 ? "candidate" : "candidates"}; ` +
      `${chosenTogether} ${chosenTogether === 1 ? "contract was" : "contracts were"} set up in the same transaction.`,
    `How it weighs devices against each other is not on the ledger: the operator of ${vnId} sees it on the ` +
      "node's page, under the prosumer's name.",
  ];
}

const OUTCOMES = { success: "all of it", partial: "a part", failure: "nothing" } as const;

const METHODS: Readonly<Record<string, string>> = {
  tenInTen: "the mean of the last ten days of the same kind",
  highFiveOfTen: "the mean of the five highest of the last ten days of the same kind",
  meterBefore: "the mean of the hour before the plan",
  nominated: "what was stated beforehand; there is nothing to compute it from",
};

function baselineWords({ receipt }: ReceiptStory): string {
  const { method, days, selection, baselineWh } = receipt.baseline;
  const total = energyText(sum(baselineWh));
  const used = days.length === 0 ? "" : ` Days: ${days.map(({ localDate }) => localDate).join(", ")}.`;
  const leftOut = selection.eventDates.length === 0 ? "" : ` Left out: ${selection.eventDates.join(", ")}.`;
  return `Without the event the net import would have been ${total}: ${METHODS[method] ?? method}.${used}${leftOut}`;
}

function acceptanceWords({ acts }: ReceiptStory): string {
  const isOwn = acts.some(({ name }) => name === "sc2:AcceptReduction");
  return isOwn ? "The device accepted by a transaction of its own." : "The device consented by its own signature.";
}

function amendmentLines({ acts, receipt, orderedWh }: ReceiptStory): StoryLine[] {
  const amendments = acts.filter(({ name }) => name === "sc2:Amend");
  if (amendments.length === 0) return [];
  const change = `${energyText(sum(receipt.terms.orderedWh))} became ${energyText(sum(orderedWh))}`;
  const words = `During the event the order was changed, with the device's signature: ${change}.`;
  return [{ title: "Change of the order", words, proof: proofOf(amendments.at(-1)) }];
}

function readingWords({ readings }: ReceiptStory): string {
  const read = readings.filter((reading) => reading !== null).length;
  const missing = readings.length - read;
  const gap = missing === 0 ? "" : ` ${missing} could not be had; what lies beside them counts as not delivered.`;
  return `The device signed its meter's registers at ${read} of ${readings.length} interval boundaries.${gap}`;
}

function heldWords({ receipt }: ReceiptStory, { paidMicro }: Money): string {
  const heldMicro = receipt.settlement.paidMicro - paidMicro;
  return heldMicro > 0n
    ? `${moneyText(heldMicro)} of what was earned is held back until the time for disputes is over.`
    : "";
}

function spanWords(intervals: readonly { startUnixMs: number; endUnixMs: number }[]): string {
  const [first, last] = [intervals[0], intervals.at(-1)];
  if (first === undefined || last === undefined) return "at no time";
  return `${dateTimeOf(first.startUnixMs)} to ${timeOf(last.endUnixMs)} UTC`;
}

function proofOf(act: StoryAct | undefined): string {
  return act === undefined ? "" : `block ${act.blockNumber}, ${act.name} by ${act.creatorName} of ${act.creatorMspId}`;
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}
