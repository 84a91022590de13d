/** Verification reports as people read them. */
import type { VerificationReport } from "@gridpact/ledger/receipts";

/** A report with the file that it is about. */
export type FileReport = VerificationReport & { path: string };

/** Details may quote whole lists of a forged receipt; a terminal needs their beginning. */
const DETAIL_CHARS_MAX = 300;

const STEP_WIDTH = 13;

/** Every step of one receipt, and what it comes to. */
export function longForm(report: FileReport): string {
  const { path, subject, steps, money, ok } = report;
  const title = subject === null ? path : `${path}\n${subject.deviceId} in event ${subject.eventId}`;
  const lines = steps.map(
    ({ step, ok: holds, detail }) => `  ${mark(holds)} ${step.padEnd(STEP_WIDTH)}${shorten(detail)}`,
  );
  const paid = money === null ? "" : `: ${money.paidMicro} micro earned, ${money.penaltyMicro} micro penalty`;
  const verdict = ok ? `The receipt holds${paid}.` : `The receipt does NOT hold: ${steps.at(-1)?.step} failed.`;
  return [title, ...lines, verdict, ""].join("\n");
}

/** One line for one receipt among many. */
export function shortForm({ path, ok, steps, money }: FileReport): string {
  if (ok) return `${mark(ok)} ${path}  ${money?.paidMicro} micro earned, ${money?.penaltyMicro} micro penalty\n`;
  const failed = steps.at(-1);
  return `${mark(ok)} ${path}  ${failed?.step}: ${shorten(failed?.detail ?? "")}\n`;
}

/** Money is summed over receipts that hold: what a forged one says was earned is worth nothing. */
export function totals(reports: readonly FileReport[]): string {
  const held = reports.filter(({ ok }) => ok);
  const paidMicro = held.reduce((sum, { money }) => sum + (money?.paidMicro ?? 0n), 0n);
  const failed = reports.length - held.length;
  const counts = `${held.length} hold, ${failed} do not`;
  return `${reports.length} receipts: ${counts}; ${paidMicro} micro earned in those that hold\n`;
}

function mark(ok: boolean): string {
  return ok ? "✓" : "✗";
}

function shorten(detail: string): string {
  return detail.length <= DETAIL_CHARS_MAX ? detail : `${detail.slice(0, DETAIL_CHARS_MAX)}...`;
}
