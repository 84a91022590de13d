type LiveInterval = { startUnixMs: number; endUnixMs: number; requestedWh: string; deliveredWh: string | null };
type Span = { y: number; height: number };
type Bar = {
  x: number;
  width: number;
  requested: Span;
  delivered: Span | null;
  short: Span | null;
  label: string;
  title: string;
};

export function chartModel(
  intervals: LiveInterval[],
  nowUnixMs: number,
): { floor: number; bars: Bar[]; lines: { y: number; label: string }[]; nowX: number | null };
export function chartSentence(intervals: LiveInterval[]): string;
export function sparkPoints(samples: { importW: number }[], box: { width: number; height: number }): string;
type Forecast = {
  startUnixMs: number;
  mtuMs: number;
  expectedW: number[];
  lowerW: number[];
  upperW: number[];
};
type Sample = { atUnixMs: number; importW: number };
export function forecastModel(
  forecast: Forecast | null,
  samples: Sample[],
  box: { width: number; height: number },
): { band: string; expected: string; metered: string; low: number; high: number } | null;
export function forecastSentence(forecast: Forecast, samples: Sample[]): string;
export function sum(decimals: string[]): string;
export function toneOf(state: string): "good" | "wait" | "bad";
