import type { Log } from "@gridpact/host";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { AGGREGATOR_ERROR_TITLES, AggregatorError, type AggregatorErrorCode } from "../aggregator-error.ts";
import { StoreFullError } from "../store/index.ts";

/** An error as an HTTP body. [RFC9457 s.3] */
export type Problem = { type: string; title: string; status: number; detail: string; instance: string; code: string };

const STATUS_BY_CODE: Record<AggregatorErrorCode, number> = {
  UNKNOWN_VIRTUAL_NODE: 404,
  UNKNOWN_REQUEST: 404,
  UNKNOWN_EVENT: 404,
  PLAN_INVALID: 422,
  PLAN_CONFLICT: 409,
  RESPONSE_INVALID: 422,
  RESPONSE_CONFLICT: 409,
  RESPONSE_TOO_LATE: 409,
  REPORT_INVALID: 422,
  MOVES_STALE: 409,
  UNKNOWN_MOVE: 404,
  MOVE_CONFLICT: 409,
  MOVE_IMPOSSIBLE: 422,
  MOVE_TOO_LATE: 409,
  NOT_YOURS: 403,
};

/** Answers every error and unknown path of an instance with problem+json. */
export function installProblems(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = describe(error);
    // What the caller did wrong is the caller's business; what we did wrong must be found in our log.
    if (problem.status >= 500) log.error("http_request_failed", { path: request.url, reason: error.message });
    return sendProblem(request, reply, problem);
  });
  app.setNotFoundHandler((request, reply) =>
    sendProblem(request, reply, {
      status: 404,
      code: "NOT_FOUND",
      title: "There is nothing here",
      detail: request.url,
    }),
  );
}

/** The one place where an error becomes a body. `code` becomes a part of the type's URN, so it MUST be a stable one. */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: Omit<Problem, "type" | "instance">,
): FastifyReply {
  const type = `urn:gridpact:problem:${problem.code.toLowerCase().replaceAll("_", "-")}`;
  const body: Problem = { type, ...problem, instance: request.url };
  return reply.status(problem.status).type("application/problem+json").send(JSON.stringify(body));
}

function describe(error: FastifyError): Omit<Problem, "type" | "instance"> {
  if (error instanceof AggregatorError) {
    const { code } = error;
    return { status: STATUS_BY_CODE[code], code, title: AGGREGATOR_ERROR_TITLES[code], detail: error.message };
  }
  if (error instanceof StoreFullError) {
    return { status: 507, code: error.code, title: "The aggregator holds as much as it may", detail: error.message };
  }
  if (error.validation !== undefined) {
    return { status: 400, code: "INVALID_INPUT", title: "The input does not fit the schema", detail: error.message };
  }
  const status = error.statusCode ?? 500;
  if (status < 500) return { status, code: error.code, title: "The request cannot be served", detail: error.message };
  // The message of an unexpected error may hold a path or a key: it goes to the log, not to the caller.
  return { status: 500, code: "INTERNAL", title: "The aggregator failed", detail: "see the aggregator's log" };
}
