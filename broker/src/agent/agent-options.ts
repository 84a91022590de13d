import type { ResourceKind } from "@gridpact/proto";
import { DEFAULT_MTU_MS } from "@gridpact/settlement";

/**
 * What an agent goes by. All times are of the market's clock, which may be accelerated; shares are per mille of 1,000.
 * Those that money follows from (prices, penalties, caps) count for contracts made after a change, not before.
 */
export type VnAgentOptions = {
  vnId: string;
  /** Organisation that certifies the devices: with the certificate it is a device's identity on the ledger. */
  mspId: string;
  mtuMs: number;
  /** Programme that the node agrees to on the ledger; null for none but the one that everybody is in. */
  programmeId: string | null;
  /** Type of the contracts with the devices: only those of one type share a node. */
  contractType: string;
  heartbeatMs: number;
  /** Time between two forecasts of the whole node. */
  outlookMs: number;
  /** Prosumers that are forecast each for itself. */
  forecastProsumersMax: number;
  /** What a device gets of the price that the node gets, and pays of the penalty that the node pays. */
  devicePriceSharePerMille: number;
  devicePenaltySharePerMille: number;
  /**
   * The same for devices by what they have: loads that catch up later cost their owner less than light that is gone.
   * One with several kinds gets the price of the dearest; kinds left out get `devicePriceSharePerMille`.
   */
  kindPriceSharesPerMille: Partial<Record<ResourceKind, number>>;
  /** What one more contract costs the node, and the least energy that is worth one. */
  contractCostMicro: bigint;
  contractLeastWh: bigint;
  /** A device's deposit as share of the value of its contract. */
  devicePenaltyCapPerMille: number;
  /** Share of a device's estimated flexibility that may be ordered from it. */
  flexibilitySharePerMille: number;
  /** Most that may be ordered to make up for what devices are expected not to deliver, as share of the promise. */
  lossPerMilleMax: number;
  /** Share of an order that may be missing before a device, or the node, counts as falling short. */
  tolerancePerMille: number;
  /** Time that a device has to sign; never beyond the start of its first interval. */
  consentWithinMs: number;
  /** Contracts offered together, from which on the devices' consents go to the ledger together as well. */
  consentsTogetherMin: number;
  /** A replacement needs this long before its first interval. */
  consentLeadMs: number;
  /** Amendments are handed in this long before the first interval that they change. */
  amendLeadMs: number;
  /** A signature or setpoint that is not answered is sent again after this. */
  resendMs: number;
  /** Setpoints go out this long before the event starts. */
  setpointLeadMs: number;
  /** Within an interval nothing is judged before this much of it is over. */
  watchAfterMs: number;
  /** After an interval, readings that are still on their way are waited for at most this long. */
  reportWaitMs: number;
  /** After the event, readings that a device has spooled are waited for at most this long. */
  evidenceWaitMs: number;
  /** Time between two looks at the aggregator's list of moves. */
  moveExchangeMs: number;
  /** Time from the offer of a move until the device is at the other node; after it, it is taken back. */
  moveWithinMs: number;
  /**
   * Once an event is over, what was left out is caught up on within this time. For as long before and after an event
   * self-balancing leaves alone what the event counts on.
   */
  reboundMs: number;
};

const MINUTE_MS = 60_000;

/** For market time units of a quarter of an hour; a reason stands beside each number that is one node's to choose. */
export const DEFAULT_AGENT_OPTIONS: Omit<VnAgentOptions, "vnId" | "mspId"> = {
  mtuMs: DEFAULT_MTU_MS,
  programmeId: null,
  contractType: "reduction",
  heartbeatMs: MINUTE_MS,
  // Four a day: each costs some milliseconds for each device, and the day ahead changes little in between.
  outlookMs: 6 * 60 * MINUTE_MS,
  // One with each tick of a second: a thousand are through in a quarter of an hour, long before the next round.
  forecastProsumersMax: 1_000,
  // A fifth pays the node's host for its work and its risk.
  devicePriceSharePerMille: 800,
  devicePenaltySharePerMille: 800,
  kindPriceSharesPerMille: {},
  // Set-up, consent, settlement and receipt: some ten transactions' worth of processor and disk, a tenth of a cent.
  contractCostMicro: 1_000n,
  // Less is within what registers of whole Wh and their boundaries can tell.
  contractLeastWh: 10n,
  // A device can lose at most what it can win.
  devicePenaltyCapPerMille: 1_000,
  // A single device's forecast errs by a fifth and more; what is held back is the room to err.
  flexibilitySharePerMille: 800,
  // Covers devices that deliver two thirds of their orders; more means choosing better devices, not more of them.
  lossPerMilleMax: 500,
  // Below a tenth a replacement would mostly chase noise of the meter and the forecast.
  tolerancePerMille: 100,
  consentWithinMs: 5 * MINUTE_MS,
  // A device's own transaction costs it three signatures and the ledger a transaction: cheap for a handful.
  consentsTogetherMin: 8,
  // Set-up and three signatures take seconds; two minutes leave room for one retry of each.
  consentLeadMs: 2 * MINUTE_MS,
  // Two blocks and a retry; later the ledger would refuse it for an interval that has begun.
  amendLeadMs: MINUTE_MS / 2,
  resendMs: MINUTE_MS / 2,
  setpointLeadMs: 2 * MINUTE_MS,
  // A third of a market time unit: long enough to tell a failing device from a kettle, early enough for the next unit.
  watchAfterMs: 5 * MINUTE_MS,
  reportWaitMs: 2 * MINUTE_MS,
  evidenceWaitMs: 30 * MINUTE_MS,
  moveExchangeMs: MINUTE_MS / 4,
  // Signature, release and enrolment take seconds each; the rest is room for a restart of everybody.
  moveWithinMs: 60 * MINUTE_MS,
  // Heat pumps and chargers bring back what was put off within two hours, as the aggregator's what-ifs take it.
  reboundMs: 120 * MINUTE_MS,
};
