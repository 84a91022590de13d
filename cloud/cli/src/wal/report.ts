/** What a command says: progress for people, or one JSON document for programs. */
export type Report = {
  progress: (line: string) => void;
  result: (values: Record<string, unknown>) => void;
};

/** With `isJson` progress is left out, so that the whole output is one document. */
export function reportTo(write: (text: string) => void, isJson: boolean): Report {
  return {
    progress: (line) => {
      if (!isJson) write(`${line}\n`);
    },
    result: (values) => write(isJson ? `${JSON.stringify(values, plain)}\n` : readable(values)),
  };
}

/** Positions in the log are decimal text in JSON, which has no bigint. */
function plain(_name: string, value: unknown): unknown {
  return typeof value === "bigint" ? `${value}` : value;
}

function readable(values: Record<string, unknown>): string {
  const text = (value: unknown) =>
    typeof value === "object" && value !== null ? JSON.stringify(value, plain) : String(value);
  return Object.entries(values)
    .map(([name, value]) => `${name}: ${text(value)}\n`)
    .join("");
}
