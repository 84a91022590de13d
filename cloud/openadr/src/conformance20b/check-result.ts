/** What a conformance suite says about one rule. */
export interface CheckResult {
  readonly id: string;
  readonly rule: string;
  /** `violated`: the VTN broke it; `failed`: the VTN could not be asked. */
  readonly outcome: "passed" | "violated" | "failed";
  /** Why, for all but `passed`. */
  readonly detail: string;
}

/** A rule of the profile that the VTN under test broke. */
export class Violation extends Error {
  constructor(message: string) {
    super(message);
    this.name = "Violation";
  }
}

/** Throws `Violation` unless the claim holds. */
export function require(holds: boolean, claim: string): asserts holds {
  if (!holds) throw new Violation(claim);
}

/** Runs one check; whatever it throws becomes its result. */
export async function runCheck(id: string, rule: string, run: () => Promise<void>): Promise<CheckResult> {
  try {
    await run();
    return { id, rule, outcome: "passed", detail: "" };
  } catch (error) {
    const outcome = error instanceof Violation ? "violated" : "failed";
    return { id, rule, outcome, detail: error instanceof Error ? error.message : String(error) };
  }
}
