type Forecast = { startUnixMs: number; mtuMs: number; expectedW: number[]; lowerW: number[]; upperW: number[] };
type ForecastView = {
  forecast: Forecast;
  metered: { startUnixMs: number; importW: number }[];
  mase: number | null;
  flags: readonly string[];
};
type Worth = { actualMicro: string | null; greedyMicro: string | null; clairvoyantMicro: string | null };
type Line = {
  expectedPerMille: number;
  lowerPerMille: number;
  upperPerMille: number;
  availablePerMille: number;
  responseLagMs: number;
  reboundPerMille: number;
  wattPerKelvin: number | null;
  dayCount: number;
  calls: { calledCount: number; offeredCount: number; calledPerMille: number; fairPerMille: number };
};
type Hour = { reduceW: number; increaseW: number; presentPerMille: number };
type Box = { y: number; height: number };

export function forecastChart(
  view: ForecastView | null,
  nowUnixMs: number,
): { band: string; expected: string; metered: string; nowX: number | null; times: { label: string }[] } | null;
export function forecastWords(view: ForecastView | null): string;
export function hoursChart(hours: readonly Hour[]): {
  middle: number;
  bars: { reduce: Box; increase: Box; label: string; title: string }[];
};
export function factsOf(line: Line): [string, string][];
type Balance = {
  surplusWh: number;
  keptPerMille: number;
  unmovedKeptPerMille: number;
  sharedWh: number;
  peakW: number;
  unmovedPeakW: number;
};
export function balanceFacts(balance: Balance | null): [string, string][];
export function sharedFacts(
  shared: { givenWh: string; takenWh: string; takenMicro: string } | null,
): [string, string][];
type Clusters = {
  guidelines: { membersMin: number; membersMax: number; capacityWMax: number };
  moves: readonly { memberId: string; fromVnId: string; toVnId: string }[];
};

export function clusterWords(clusters: Clusters | null): string;
export function regretWords(worth: Worth): { regret: string; share: string; greedy: string };
export function verdictOf(verdict: string): { words: string; tone: string };
