import { expect, it } from "vitest";
import * as drOpenadr from "./index.ts";

it("exports exactly these values", () => {
  expect(Object.keys(drOpenadr).sort()).toEqual([
    "DsoFeed20b",
    "DsoFeed31",
    "DsoIntake",
    "LinkRefusal",
    "RequestDesk",
    "VnLink20b",
    "VnLink31",
    "Vtn20bBoard",
    "Vtn31Board",
    "dsoEventInput",
    "dsoEventRequest31",
    "requestDelivery",
  ]);
});
