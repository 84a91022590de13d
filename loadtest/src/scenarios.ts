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

/** Value of a setting in options of k6: the last of `-e NAME=value`, or undefined. */
export function settingOf(name: string, options: readonly string[]): string | undefined {
  const values = options.flatMap((option, index) => {
    const text = option === "-e" ? options[index + 1] : undefined;
    return text?.startsWith(`${name}=`) ? [text.slice(name.length + 1)] : [];
  });
  return values.at(-1);
}
