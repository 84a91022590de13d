/** Amounts and times as words. Shown, never computed with; energy and money come as decimal text, which is exact. */

/** `1500` -> `1.50 kWh`. */
export function energyText(wh) {
  const value = Number(wh);
  if (Math.abs(value) < 1_000) return `${value} Wh`;
  return Math.abs(value) < 1_000_000 ? `${(value / 1_000).toFixed(2)} kWh` : `${(value / 1_000_000).toFixed(2)} MWh`;
}

/** `42000` -> `42.0 kW`. */
export function powerText(powerW) {
  if (Math.abs(powerW) < 1_000) return `${Math.round(powerW)} W`;
  return Math.abs(powerW) < 1_000_000 ? `${(powerW / 1_000).toFixed(1)} kW` : `${(powerW / 1_000_000).toFixed(2)} MW`;
}

/** Micro-currency as currency units, exact to the hundredth by cutting. */
export function moneyText(micro) {
  const value = BigInt(micro);
  const hundredths = (value < 0n ? -value : value) / 10_000n;
  const sign = value < 0n ? "-" : "";
  return `${sign}€ ${hundredths / 100n}.${String(hundredths % 100n).padStart(2, "0")}`;
}

/** `400` -> `€ 0.40/kWh`. */
export function priceText(microPerWh) {
  return `${moneyText(BigInt(microPerWh) * 1_000n)}/kWh`;
}

/** `953` -> `95.3 %`. */
export function percentText(perMille) {
  return `${(perMille / 10).toFixed(1)} %`;
}

/** Hours and minutes in UTC, the zone of the programme. */
export function timeOf(unixMs) {
  return new Date(unixMs).toISOString().slice(11, 16);
}

/** Date and time in UTC. */
export function dateTimeOf(unixMs) {
  return new Date(unixMs).toISOString().slice(0, 16).replace("T", " ");
}
