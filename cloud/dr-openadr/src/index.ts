/** DsoEvent-response requests between DSO, aggregator and virtual nodes, carried by OpenADR. */
export { requestDelivery } from "./delivery-report.ts";
export { type DsoEvent, dsoEventInput, type Programmes, type ProgrammeTerms } from "./dso-event.ts";
export { DsoFeed20b, type DsoFeedOptions } from "./dso-feed20b.ts";
export { DsoFeed31, type DsoFeed31Options, dsoEventRequest31 } from "./dso-feed31.ts";
export { type DsoEventPlanner, type DsoFeed, DsoIntake } from "./dso-intake.ts";
export { LinkRefusal } from "./link-refusal.ts";
export { type RequestBoard, type RequestBook, RequestDesk } from "./request-desk.ts";
export type { Ven20bModules } from "./ven20b-session.ts";
export { type RequestLink, VnLink20b } from "./vn-link20b.ts";
export { type Client31, VnLink31, type VnLink31Options } from "./vn-link31.ts";
export { Vtn20bBoard } from "./vtn20b-board.ts";
export { Vtn31Board } from "./vtn31-board.ts";
