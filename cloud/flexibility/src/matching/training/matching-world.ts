/**
 * A world for matching: suppliers with real load profiles, some of them unreliable, and a series of events. Who
 * delivers is hidden from the matcher; it sees forecasts, its own orders and what came of them.
 */
import type { TrueDelivery } from "../match-clairvoyantly.ts";
import type { Supplier, UnitOrders, UnitRequest } from "../supplier.ts";
import { NEW_SUPPLIER, rememberEvent, type SupplierMemory } from "../supplier-memory.ts";
import { SeededDraws } from "./seeded-draws.ts";

/** Real load in quarter hours, Wh, from a midnight on. */
export type LoadProfile = { readonly name: string; readonly quarterWh: Float64Array };

/** With the profiles it determines a world wholly. */
export type WorldShape = {
  readonly seed: number;
  readonly supplierCount: number;
  readonly eventCount: number;
  /** Share of suppliers that do not deliver as ordered, 0 to 1. */
  readonly unreliableShare: number;
  /** Profiles added up in one supplier: 1 for devices within a node, more for nodes among others. */
  readonly profilesPerSupplier: number;
};

const QUARTERS_PER_DAY = 96;

/** Two hours. */
export const UNITS_PER_EVENT = 8;

/** Days whose mean at the same time is the forecast. */
const FORECAST_DAYS = 5;

/** Of the forecast load this much is offered; of the real load this much can be shed. */
const OFFER_SHARE = 0.4;
const SHEDDABLE_SHARE = 0.7;

/** Share of what is offered in all that is asked for. */
const REQUEST_SHARES = [0.25, 0.45] as const;

/** Of each feeder's offers, this much may be called at once. */
const FEEDER_SHARE = 0.85;
const FEEDER_COUNT = 4;

/** A reliable supplier drops out of one event in fifty, from some unit on. */
const DROPOUT_CHANCE = 0.02;

/** By which rule an unreliable supplier fails. */
type Habit = "reliable" | "weak" | "absent" | "fading";

type HiddenSupplier = {
  readonly supplierId: string;
  readonly members: readonly { readonly profile: LoadProfile; readonly firstDay: number }[];
  readonly costPerWh: number;
  readonly elementId: string;
  readonly habit: Habit;
  /** Depth of the habit, 0 to 1. */
  readonly depth: number;
};

/** What a matcher is asked, unit by unit, and what each supplier could truly deliver then. */
export type WorldEvent = {
  readonly units: readonly { readonly request: UnitRequest; readonly truth: readonly TrueDelivery[] }[];
};

/**
 * It sees requests one unit after the other and nothing of `truth`; a matcher that learns does so from the request's
 * memory.
 */
export type Matcher = (request: UnitRequest) => UnitOrders;

/** Suppliers with hidden habits, drawn once; who fails does so by the same rule in all events. */
export class MatchingWorld {
  readonly events: readonly WorldEvent[];

  constructor(shape: WorldShape, profiles: readonly LoadProfile[]) {
    const draws = new SeededDraws(shape.seed);
    const suppliers = Array.from({ length: shape.supplierCount }, (_, index) =>
      hiddenSupplier(index, shape, profiles, draws),
    );
    this.events = Array.from({ length: shape.eventCount }, (_, event) => worldEvent(event, suppliers, draws));
  }
}

function hiddenSupplier(
  index: number,
  { unreliableShare, eventCount, profilesPerSupplier }: WorldShape,
  profiles: readonly LoadProfile[],
  draws: SeededDraws,
): HiddenSupplier {
  const members = Array.from({ length: profilesPerSupplier }, () => {
    const profile = profiles[draws.index(profiles.length)] ?? { name: "", quarterWh: new Float64Array(0) };
    const dayCount = Math.floor(profile.quarterWh.length / QUARTERS_PER_DAY);
    const firstDay = FORECAST_DAYS + draws.index(Math.max(1, dayCount - FORECAST_DAYS - eventCount));
    return { profile, firstDay };
  });
  const isUnreliable = draws.next() < unreliableShare;
  const habits = ["weak", "absent", "fading"] as const;
  return {
    supplierId: `s${index}`,
    members,
    costPerWh: draws.between(0.2, 0.7),
    elementId: `f${index % FEEDER_COUNT}`,
    habit: isUnreliable ? (habits[draws.index(habits.length)] ?? "weak") : "reliable",
    depth: draws.next(),
  };
}

function worldEvent(event: number, suppliers: readonly HiddenSupplier[], draws: SeededDraws): WorldEvent {
  const firstQuarter = 4 * (6 + draws.index(15));
  const requestShare = draws.between(REQUEST_SHARES[0], REQUEST_SHARES[1]);
  const rates = suppliers.map((supplier) => eventRates(supplier, draws));
  const units = Array.from({ length: UNITS_PER_EVENT }, (_, unit) => {
    const quarter = firstQuarter + unit;
    const offered = suppliers.map((supplier) => visibleSupplier(supplier, event, quarter));
    const truth = suppliers.map((supplier, index) => ({
      rate: rates[index]?.[unit] ?? 0,
      availableWh: SHEDDABLE_SHARE * actualWh(supplier, event, quarter),
    }));
    return { request: unitRequest(offered, { requestShare, progress: unit / UNITS_PER_EVENT }), truth };
  });
  return { units };
}

function unitRequest(
  suppliers: readonly Supplier[],
  { requestShare, progress }: { requestShare: number; progress: number },
): UnitRequest {
  const offerOf = (elementId: string) =>
    suppliers.reduce((sum, { offerWh, elementIds }) => sum + (elementIds.includes(elementId) ? offerWh : 0), 0);
  const elementIds = Array.from({ length: FEEDER_COUNT }, (_, feeder) => `f${feeder}`);
  return {
    requestedWh: requestShare * suppliers.reduce((sum, { offerWh }) => sum + offerWh, 0),
    pricePerWh: 1,
    penaltyPerWh: 1,
    suppliers,
    elementWhMax: new Map(elementIds.map((id) => [id, FEEDER_SHARE * offerOf(id)])),
    progress,
  };
}

/** Delivered / ordered of one supplier in each unit of one event. */
function eventRates({ habit, depth }: HiddenSupplier, draws: SeededDraws): number[] {
  const [chance, start] = [draws.next(), draws.index(UNITS_PER_EVENT)];
  return Array.from({ length: UNITS_PER_EVENT }, (_, unit) => {
    const noise = draws.between(-0.05, 0.05);
    return clamp(HABITS[habit]({ depth, chance, start, unit, noise }));
  });
}

type Draw = { depth: number; chance: number; start: number; unit: number; noise: number };

const HABITS: Readonly<Record<Habit, (draw: Draw) => number>> = {
  reliable: ({ chance, start, unit, noise }) => (chance < DROPOUT_CHANCE && unit >= start ? 0 : 1 + Math.min(0, noise)),
  weak: ({ depth, noise }) => 0.1 + 0.5 * depth + noise,
  absent: ({ depth, chance, noise }) => (chance < 0.3 + 0.4 * depth ? 0 : 1 + Math.min(0, noise)),
  fading: ({ depth, unit, noise }) => 1 - (0.08 + 0.2 * depth) * unit + noise,
};

function clamp(rate: number): number {
  return Math.min(1, Math.max(0, rate));
}

function visibleSupplier(supplier: HiddenSupplier, event: number, quarter: number): Supplier {
  const { supplierId, costPerWh, elementId } = supplier;
  const forecast = forecastWh(supplier, event, quarter);
  const usual = Array.from({ length: 4 }, (_, part) => forecastWh(supplier, event, part * 24 + (quarter % 24)));
  return {
    supplierId,
    offerWh: OFFER_SHARE * forecast,
    usualOfferWh: (OFFER_SHARE * usual.reduce((sum, wh) => sum + wh, 0)) / usual.length,
    costPerWh,
    elementIds: [elementId],
    memory: NEW_SUPPLIER,
    observedRate: null,
  };
}

function actualWh({ members }: HiddenSupplier, event: number, quarter: number): number {
  return members.reduce((sum, { profile, firstDay }) => sum + quarterAt(profile, firstDay + event, quarter), 0);
}

function forecastWh({ members }: HiddenSupplier, event: number, quarter: number): number {
  return members.reduce((sum, { profile, firstDay }) => {
    let past = 0;
    for (let day = 1; day <= FORECAST_DAYS; day += 1) past += quarterAt(profile, firstDay + event - day, quarter);
    return sum + past / FORECAST_DAYS;
  }, 0);
}

function quarterAt({ quarterWh }: LoadProfile, day: number, quarter: number): number {
  const wh = quarterWh[day * QUARTERS_PER_DAY + quarter] ?? 0;
  return Number.isFinite(wh) && wh > 0 ? wh : 0;
}

/** What one matcher made of one event. */
export type EventOutcome = {
  readonly value: number;
  readonly requestedWh: number;
  /** Counted up to the request of each unit. */
  readonly deliveredWh: number;
};

/** A supplier that was called, as the matcher saw it, and the share of its order that it delivered. */
export type Delivery = { readonly supplier: Supplier; readonly request: UnitRequest; readonly rate: number };

/**
 * Plays all events of a world with one matcher, which learns from its own orders only.
 *
 * @param observe told every single delivery
 */
export function playWorld(
  { events }: MatchingWorld,
  matcher: Matcher,
  observe: (delivery: Delivery) => void = () => undefined,
): EventOutcome[] {
  const memories = new Map<string, SupplierMemory>();
  return events.map((event) => {
    const played = playEvent(event, { matcher, observe }, memories);
    for (const [supplierId, { orderedWh, deliveredWh }] of played.bySupplier) {
      const memory = memories.get(supplierId) ?? NEW_SUPPLIER;
      memories.set(supplierId, rememberEvent(memory, deliveredWh / orderedWh));
    }
    return played.outcome;
  });
}

type Tally = { orderedWh: number; deliveredWh: number };

function playEvent(
  { units }: WorldEvent,
  { matcher, observe }: { matcher: Matcher; observe: (delivery: Delivery) => void },
  memories: ReadonlyMap<string, SupplierMemory>,
) {
  const bySupplier = new Map<string, Tally>();
  const observed = new Map<string, number>();
  const outcome = { value: 0, requestedWh: 0, deliveredWh: 0 };
  for (const { request, truth } of units) {
    const suppliers = request.suppliers.map((supplier) => ({
      ...supplier,
      memory: memories.get(supplier.supplierId) ?? NEW_SUPPLIER,
      observedRate: observed.get(supplier.supplierId) ?? null,
    }));
    const orders = matcher({ ...request, suppliers });
    const delivered = truth.map(({ rate, availableWh }, index) => Math.min(rate * (orders[index] ?? 0), availableWh));
    suppliers.forEach((supplier, index) => {
      const { supplierId } = supplier;
      const orderedWh = orders[index] ?? 0;
      if (orderedWh <= 0) return;
      const rate = (delivered[index] ?? 0) / orderedWh;
      observe({ supplier, request, rate });
      observed.set(supplierId, rate);
      const tally = bySupplier.get(supplierId) ?? { orderedWh: 0, deliveredWh: 0 };
      tally.orderedWh += orderedWh;
      tally.deliveredWh += delivered[index] ?? 0;
      bySupplier.set(supplierId, tally);
    });
    outcome.value += unitValue(request, delivered);
    outcome.requestedWh += request.requestedWh;
    outcome.deliveredWh += Math.min(
      request.requestedWh,
      delivered.reduce((sum, wh) => sum + wh, 0),
    );
  }
  return { outcome, bySupplier };
}

/** Paid up to the request, charged for what is missing, less what the suppliers get for what they delivered. */
function unitValue(
  { requestedWh, pricePerWh, penaltyPerWh, suppliers }: UnitRequest,
  delivered: readonly number[],
): number {
  const totalWh = delivered.reduce((sum, wh) => sum + wh, 0);
  const costs = delivered.reduce((sum, wh, index) => sum + wh * (suppliers[index]?.costPerWh ?? 0), 0);
  const servedWh = Math.min(requestedWh, totalWh);
  return pricePerWh * servedWh - penaltyPerWh * (requestedWh - servedWh) - costs;
}
