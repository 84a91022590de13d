/** An exact integer, as JSON carries it or as the hosts compute with it. */
type Exact = string | bigint;

export function energyText(wh: Exact | number): string;
export function powerText(powerW: number): string;
export function moneyText(micro: Exact): string;
export function priceText(microPerWh: Exact): string;
export function percentText(perMille: number): string;
export function timeOf(unixMs: number): string;
export function dateTimeOf(unixMs: number): string;
