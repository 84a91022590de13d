import { expect, it } from "vitest";
import { BrokenGridError, FlexibilityError, InvalidInputError } from "./flexibility-error.ts";

it("errors carry a stable code, their class name and the facts as fields", () => {
  const broken = new BrokenGridError("loop", "L4", "closes a loop");
  expect(broken).toBeInstanceOf(FlexibilityError);
  expect(broken).toMatchObject({
    name: "BrokenGridError",
    code: "FLEXIBILITY_BROKEN_GRID",
    message: "L4: closes a loop",
    fault: "loop",
    elementId: "L4",
  });
  expect(new InvalidInputError("horizonUnits", "bad")).toMatchObject({
    name: "InvalidInputError",
    code: "FLEXIBILITY_INVALID_INPUT",
    field: "horizonUnits",
  });
});
