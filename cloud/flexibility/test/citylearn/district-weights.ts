/**
 * What a kWh weighs with the judge of 2022: a third each for cost and emissions (mean over the homes, each against its
 * own without control) and for the grid (half ramping, half one minus the monthly load factor, of the district).
 * Without control is what the homes were seen to do before their batteries, up to now.
 */

/** By home and hour, or by hour. */
export type DistrictSeries = {
  readonly load: readonly (readonly number[])[];
  readonly sun: readonly (readonly number[])[];
  readonly carbon: readonly number[];
  readonly price: readonly number[];
};

export type DistrictWeights = {
  /** Of each unit of currency and of each kg, by home. */
  readonly homes: readonly { readonly price: number; readonly carbon: number }[];
  /** Of each kWh that the district's draw rises by. */
  readonly ramp: number;
  /** Of each kWh above the month's peak. */
  readonly peak: number;
};

/** Twelve weeks: long against single days, short enough to follow the seasons. */
const HOURS_SEEN = 12 * 7 * 24;
const MONTH = 730;
const THIRD = 1 / 3;
const SIXTH = 1 / 6;
/** Lets the first hours pass, in which nothing was drawn yet. */
const LEAST = 1e-3;
/** A load factor near one would make every kWh of a peak weigh without bound. */
const LOSS_MIN = 0.2;
/** Until a month is over its peak is taken to become four fifths of what it would be without control. */
const CONTROLLED_PEAK_SHARE = 0.8;

/** @param lastPeakKwh peak of the last whole month under control, 0 while there is none */
export function districtWeights({ load, sun, carbon, price }: DistrictSeries, lastPeakKwh: number): DistrictWeights {
  const hours = price.length;
  const from = Math.max(0, hours - HOURS_SEEN);
  const seen = hours - from;
  const net = load.map((own, home) => own.slice(from).map((kwh, hour) => kwh - (sun[home]?.[from + hour] ?? 0)));
  const weighed = (own: readonly number[], by: readonly number[]) =>
    own.reduce((total, kwh, hour) => total + Math.max(0, kwh) * (by[from + hour] ?? 0), 0);
  const perHome = (own: readonly number[], by: readonly number[]) =>
    (THIRD * seen) / (load.length * Math.max(LEAST * seen, weighed(own, by)));
  const district = Array.from({ length: seen }, (_, hour) => net.reduce((total, own) => total + (own[hour] ?? 0), 0));
  return {
    homes: net.map((own) => ({ price: perHome(own, price), carbon: perHome(own, carbon) })),
    ramp: (SIXTH * seen) / Math.max(LEAST, risesOf(district)),
    peak: peakWeight(district, lastPeakKwh),
  };
}

function risesOf(series: readonly number[]): number {
  return series.reduce((total, kwh, hour) => total + Math.max(0, kwh - (series[hour - 1] ?? kwh)), 0);
}

/** d(1 - mean/peak) = mean/peak^2 d(peak), once in each month. */
function peakWeight(district: readonly number[], lastPeakKwh: number): number {
  const months = monthsOf(district);
  const meanOf = (values: readonly number[]) => values.reduce((total, value) => total + value, 0) / values.length;
  const peaks = months.map((month) => Math.max(...month));
  const loss = meanOf(months.map((month, index) => 1 - meanOf(month) / (peaks[index] ?? 1)));
  const peakKwh = Math.max(LEAST, lastPeakKwh > 0 ? lastPeakKwh : CONTROLLED_PEAK_SHARE * meanOf(peaks));
  const slope = Math.max(0, meanOf(district)) / (peakKwh * peakKwh);
  return (SIXTH * MONTH * slope) / Math.max(LOSS_MIN, loss);
}

/** Whole months and what is left over, if that is half a month; what there is, if there is less. */
function monthsOf(district: readonly number[]): number[][] {
  const months = Array.from({ length: Math.ceil(district.length / MONTH) }, (_, month) =>
    district.slice(month * MONTH, (month + 1) * MONTH),
  );
  const whole = months.filter(({ length }) => length >= MONTH / 2);
  return whole.length > 0 ? whole : months;
}
