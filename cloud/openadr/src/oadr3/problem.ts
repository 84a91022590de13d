/** What went wrong, in the form every error answer has [RFC 9457]. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
}

const TITLES = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  409: "Conflict",
  412: "Precondition Failed",
  500: "Internal Server Error",
} as const;

/** The HTTP statuses that the specification has answers for. */
export type ProblemStatus = keyof typeof TITLES;

/** A request that is refused; nothing of it was done. */
export class Oadr3Refusal extends Error {
  readonly status: ProblemStatus;

  constructor(status: ProblemStatus, detail: string) {
    super(detail);
    this.name = "Oadr3Refusal";
    this.status = status;
  }
}

/** The body of an error answer. Details are for people; programs go by the status. */
export function toProblem(status: ProblemStatus, detail: string): Problem {
  return { type: "about:blank", title: TITLES[status], status, detail };
}
