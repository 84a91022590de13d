import { InvalidInputError } from "../flexibility-error.ts";

/** One row of a table, by column name; every cell is text. */
export type Row = Readonly<Record<string, string>>;

/**
 * Reads a plain CSV table with a header line, as the SimBench extracts are: comma-separated, no quotes.
 *
 * @throws InvalidInputError for a quote (it would need a real CSV reader) or a row of another width than the header
 */
export function rowsFromCsv(text: string): Row[] {
  if (text.includes('"')) throw new InvalidInputError("csv", "quoted cells are not supported");
  const [header, ...lines] = text.split(/\r?\n/).filter((line) => line !== "");
  const columns = header?.split(",") ?? [];
  return lines.map((line, index) => {
    const cells = line.split(",");
    if (cells.length !== columns.length) {
      throw new InvalidInputError("csv", `row ${index + 1} has ${cells.length} cells, the header ${columns.length}`);
    }
    return Object.fromEntries(columns.map((column, position) => [column, cells[position] ?? ""]));
  });
}
