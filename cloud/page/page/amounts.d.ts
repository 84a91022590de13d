export function energyText(wh: string | number): string;
export function powerText(powerW: number): string;
export function moneyText(micro: string): string;
export function percentText(perMille: number): string;
export function timeOf(unixMs: number): string;
export function dateTimeOf(unixMs: number): string;
