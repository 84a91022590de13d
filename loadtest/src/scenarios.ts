/** Scripts of k6/, by what they play. */
export const SCENARIOS = [
  "steady",
  "burst",
  "reconnect-storm",
  "mixed-sizes",
  "hostile",
  "control-fan-out",
  "soak",
] as const;

/** Name of a script in k6/, without its ending. */
export type Scenario = (typeof SCENARIOS)[number];

export function isScenario(text: string): text is Scenario {
  return SCENARIOS.some((scenario) => scenario === text);
}

/** A setting and the option that gives it in one word: `-eNAME=value`, `-e=NAME=value` or `--env=NAME=value`. */
const SETTING = /^(?:-e=?|--env=)(.+)$/s;

/** Value of a setting in options of k6, read as k6 reads them: the last one counts. Undefined if none gives it. */
export function settingOf(name: string, options: readonly string[]): string | undefined {
  const values = options.flatMap((option, index) => {
    const isApart = option === "-e" || option === "--env";
    const text = isApart ? options[index + 1] : SETTING.exec(option)?.[1];
    return text?.startsWith(`${name}=`) ? [text.slice(name.length + 1)] : [];
  });
  return values.at(-1);
}
