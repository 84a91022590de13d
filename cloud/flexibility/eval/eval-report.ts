/** A cell of a report: what a table can show and JSON can hold. */
export type EvalCell = string | number | boolean | null;

/** What one subcommand found: rows of one shape, ours beside the references, and remarks on how to read them. */
export type EvalReport = {
  readonly title: string;
  readonly rows: readonly Readonly<Record<string, EvalCell>>[];
  readonly remarks: readonly string[];
};

/** Scores are compared to three digits; a fourth shows which side of a bar a value lies on. */
const SHOWN_DIGITS = 4;

/** The report as a plain table, columns in the order of the first row that names them. */
export function reportTable({ title, rows, remarks }: EvalReport): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = [columns, ...rows.map((row) => columns.map((column) => shownCell(row[column] ?? null)))];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
  const table = lines.map((line) =>
    line
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [`${title}`, "", ...table, "", ...remarks, ""].join("\n");
}

function shownCell(cell: EvalCell): string {
  if (cell === null) return "-";
  if (typeof cell === "boolean") return cell ? "yes" : "NO";
  if (typeof cell === "string" || Number.isInteger(cell)) return String(cell);
  return cell.toPrecision(SHOWN_DIGITS);
}
