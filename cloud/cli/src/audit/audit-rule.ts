/** A transaction breaks a rule that no write shows: what it was about, what the rule wants, and what there was. */
export class AuditRuleError extends Error {
  readonly code = "AUDIT_RULE";
  readonly about: string;
  readonly expected: string;
  readonly found: string;

  constructor(about: string, expected: string, found: string) {
    super(`${about}: must be ${expected}, is ${found}`);
    this.name = "AuditRuleError";
    this.about = about;
    this.expected = expected;
    this.found = found;
  }
}

/** @throws AuditRuleError unless both are the same text */
export function demandSame(about: string, expected: string, found: string): void {
  if (expected !== found) throw new AuditRuleError(about, expected, found);
}
