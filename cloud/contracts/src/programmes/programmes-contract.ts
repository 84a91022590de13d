import { type Context, Contract } from "fabric-contract-api";
import { transact } from "../transaction/index.ts";
import {
  ENROL_IN_PROGRAMME,
  enrolInProgramme,
  GET_AGREEMENT,
  GET_PROGRAMME,
  getAgreement,
  getProgramme,
  LEAVE_PROGRAMME,
  leaveProgramme,
  PUBLISH_PROGRAMME,
  publishProgramme,
} from "./publish.ts";

/** Programmes and who agreed to them. fabric-shim takes every method as a transaction. */
export class ProgrammesContract extends Contract {
  constructor() {
    super("programmes");
  }

  Publish(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, PUBLISH_PROGRAMME, publishProgramme);
  }

  Enrol(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, ENROL_IN_PROGRAMME, enrolInProgramme);
  }

  Leave(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, LEAVE_PROGRAMME, leaveProgramme);
  }

  GetProgramme(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, GET_PROGRAMME, getProgramme);
  }

  GetAgreement(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, GET_AGREEMENT, getAgreement);
  }
}
