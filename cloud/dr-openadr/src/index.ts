/** Demand-response requests between DSO, aggregator and virtual nodes, carried by OpenADR. */
export { requestDelivery } from "./delivery-report.ts";
export { type Demand, demandEvent, type Programmes, type ProgrammeTerms } from "./demand-event.ts";
export { DemandFeed20b, type DemandFeedOptions } from "./demand-feed20b.ts";
export { type DemandFeed, DemandIntake, type DemandPlanner } from "./demand-intake.ts";
export { LinkRefusal } from "./link-refusal.ts";
export { type RequestBoard, type RequestBook, RequestDesk } from "./request-desk.ts";
export type { Ven20bModules } from "./ven20b-session.ts";
export { type RequestLink, VnLink20b } from "./vn-link20b.ts";
export { Vtn20bBoard } from "./vtn20b-board.ts";
