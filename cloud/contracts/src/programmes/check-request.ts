/** Whether a request keeps to the programme and to what its virtual node agreed to. */
import { type BaselineMethod, type Interval, sumOf } from "@gridpact/settlement";
import { demand } from "../contract-error.ts";
import { isBefore } from "../time/index.ts";
import type { Transaction } from "../transaction/index.ts";
import { type Agreement, type Programme, requestCountAt } from "./documents.ts";
import { getAgreement, getProgramme } from "./publish.ts";

/** The terms of an SC1 that a programme has a say in. */
export type Request = {
  readonly programmeId: string;
  readonly vnId: string;
  readonly intervals: readonly Interval[];
  readonly orderedWh: readonly bigint[];
  readonly priceMicroPerWh: bigint;
  readonly penaltyMicroPerWh: bigint;
  readonly penaltyCapMicro: bigint;
  readonly baselineMethod: BaselineMethod;
};

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** 1970-01-01 was a Thursday. */
const EPOCH_WEEKDAY = 4;
const PER_MILLE = 1_000n;

/**
 * Checks a request against its programme, counts it for its day, and returns the programme.
 *
 * @throws ContractError PROGRAMME_UNKNOWN, PROGRAMME_NOT_ENROLLED, PROGRAMME_EXPIRED, PROGRAMME_NOTICE_TOO_SHORT,
 *   PROGRAMME_UNAVAILABLE, PROGRAMME_OVER_CAPACITY, PROGRAMME_TERMS_EXCEEDED, PROGRAMME_DAILY_LIMIT
 */
export async function checkRequest(transaction: Transaction, request: Request): Promise<Programme> {
  const programme = await getProgramme(transaction, request);
  const agreement = await getAgreement(transaction, request);
  await checkTimes(transaction, request, programme);
  checkCapacity(request, programme, agreement);
  checkPrices(request, programme);
  await countRequest(transaction, request, programme);
  return programme;
}

async function checkTimes(
  transaction: Transaction,
  { intervals }: Request,
  { programmeId, expiresAtUnixMs, noticeMs, availability }: Programme,
): Promise<void> {
  const endUnixMs = intervals.at(-1)?.endUnixMs ?? 0;
  const isValid = expiresAtUnixMs === null || endUnixMs <= expiresAtUnixMs;
  demand(isValid, "PROGRAMME_EXPIRED", () => `${programmeId} ends at ${expiresAtUnixMs}`);
  const latestUnixMs = (intervals[0]?.startUnixMs ?? 0) - noticeMs;
  const isAnnounced = noticeMs === 0 || (await isBefore(transaction, latestUnixMs + 1));
  demand(isAnnounced, "PROGRAMME_NOTICE_TOO_SHORT", () => `it had to be made by ${latestUnixMs}`);
  const isAvailable = intervals.every((interval) => isAvailableIn(interval, availability));
  demand(isAvailable, "PROGRAMME_UNAVAILABLE", () => "an interval lies outside the hours of the programme");
}

function isAvailableIn({ startUnixMs, endUnixMs }: Interval, availability: Programme["availability"]): boolean {
  if (availability === null) return true;
  const { utcOffsetMinutes, weekdays, startMinute, endMinute } = availability;
  const localMs = startUnixMs + utcOffsetMinutes * MINUTE_MS;
  const day = Math.floor(localMs / DAY_MS);
  const fromMinute = (localMs - day * DAY_MS) / MINUTE_MS;
  const toMinute = fromMinute + (endUnixMs - startUnixMs) / MINUTE_MS;
  return weekdays.includes((day + EPOCH_WEEKDAY) % 7) && fromMinute >= startMinute && toMinute <= endMinute;
}

function checkCapacity({ orderedWh }: Request, programme: Programme, agreement: Agreement): void {
  const { orderedWhPerIntervalMax, orderedWhPerRequestMax } = programme;
  for (const maxWh of [orderedWhPerIntervalMax, agreement.orderedWhPerIntervalMax]) {
    const isWithin = maxWh === null || orderedWh.every((each) => each <= maxWh);
    demand(isWithin, "PROGRAMME_OVER_CAPACITY", () => `at most ${maxWh} Wh may be ordered in an interval`);
  }
  const isWithin = orderedWhPerRequestMax === null || sumOf(orderedWh) <= orderedWhPerRequestMax;
  demand(isWithin, "PROGRAMME_OVER_CAPACITY", () => `at most ${orderedWhPerRequestMax} Wh may be ordered in all`);
}

function checkPrices(request: Request, programme: Programme): void {
  const { priceMicroPerWhMax, penaltyMicroPerWhMax, penaltyCapPerMilleMax, baselineMethods } = programme;
  const valueMicro = sumOf(request.orderedWh) * request.priceMicroPerWh;
  const limits: [field: string, value: bigint, max: bigint | null][] = [
    ["priceMicroPerWh", request.priceMicroPerWh, priceMicroPerWhMax],
    ["penaltyMicroPerWh", request.penaltyMicroPerWh, penaltyMicroPerWhMax],
    [
      "penaltyCapMicro",
      request.penaltyCapMicro * PER_MILLE,
      penaltyCapPerMilleMax === null ? null : penaltyCapPerMilleMax * valueMicro,
    ],
  ];
  const over = limits.find(([, value, max]) => max !== null && value > max);
  demand(over === undefined, "PROGRAMME_TERMS_EXCEEDED", () => `${over?.[0]} is over the programme's limit`);
  const isKnown = baselineMethods.includes(request.baselineMethod);
  demand(isKnown, "PROGRAMME_TERMS_EXCEEDED", () => `the programme has no baseline ${request.baselineMethod}`);
}

/** Requests of one node on one day write one key, so two of them in one block cannot both pass the limit. */
async function countRequest(
  { state }: Transaction,
  { vnId, intervals }: Request,
  { programmeId, requestsPerDayMax, availability }: Programme,
): Promise<void> {
  if (requestsPerDayMax === null) return;
  const offsetMs = (availability?.utcOffsetMinutes ?? 0) * MINUTE_MS;
  const day = Math.floor(((intervals[0]?.startUnixMs ?? 0) + offsetMs) / DAY_MS);
  const key = requestCountAt(programmeId, vnId, `${day}`);
  const { count } = (await state.get(key)) ?? { count: 0 };
  demand(count < requestsPerDayMax, "PROGRAMME_DAILY_LIMIT", () => `${requestsPerDayMax} a day`);
  state.put(key, { count: count + 1 });
}
