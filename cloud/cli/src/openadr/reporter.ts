/** Something that happened, as programs read it; `kind` says what. */
export interface Happening {
  readonly kind: string;
  readonly [member: string]: unknown;
}

/** Tells one happening: as a line of JSON for programs, or as the text for people. */
export type Reporter = (happening: Happening, text: string) => void;

/** One line each, so that a program can act on a line as soon as it comes. */
export function createReporter(write: (text: string) => void, isJson: boolean): Reporter {
  return (happening, text) => write(`${isJson ? JSON.stringify(happening) : text}\n`);
}
