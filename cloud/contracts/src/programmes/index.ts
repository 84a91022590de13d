/** Programmes: templates of contracts, and the agreements that instantiate them. */
export { checkRequest } from "./check-request.ts";
export { DEFAULT_PROGRAMME_ID, incentiveOf, POLICY, type Policy, type Programme } from "./documents.ts";
export { ProgrammesContract } from "./programmes-contract.ts";
export {
  ENROL_IN_PROGRAMME,
  GET_AGREEMENT,
  GET_PROGRAMME,
  getProgramme,
  LEAVE_PROGRAMME,
  PUBLISH_PROGRAMME,
} from "./publish.ts";
