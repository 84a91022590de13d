/** One rule of a profile and the tests that hold it; `RULES.md` shows them all. */
export interface ProfileRule {
  /** The rule of the profile, in our words. */
  readonly rule: string;
  /** Names of tests as they stand in the source, by file. */
  readonly tests: Readonly<Record<string, readonly string[]>>;
}

export interface RuleChapter {
  readonly title: string;
  readonly rules: readonly ProfileRule[];
}

/** A rule that tests of one file hold. */
export const rule = (text: string, file: string, ...names: readonly string[]): ProfileRule => ({
  rule: text,
  tests: { [file]: names },
});
