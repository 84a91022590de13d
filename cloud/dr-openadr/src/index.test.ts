import { expect, it } from "vitest";
import * as drOpenadr from "./index.ts";

it("exports exactly these values", () => {
  expect(Object.keys(drOpenadr).sort()).toEqual([
    "DsoFeed20b",
    "DsoIntake",
    "LinkRefusal",
    "RequestDesk",
    "VnLink20b",
    "Vtn20bBoard",
    "dsoEventInput",
    "requestDelivery",
  ]);
});
