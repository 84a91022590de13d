/** Why the aggregator will never take an answer or a report; the codes are those of its own API. */
export class LinkRefusal extends Error {
  readonly code: "UNKNOWN_REQUEST" | "REPORT_INVALID";

  constructor(code: LinkRefusal["code"], message: string) {
    super(message);
    this.name = "LinkRefusal";
    this.code = code;
  }
}
