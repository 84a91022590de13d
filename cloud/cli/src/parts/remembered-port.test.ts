import { mkdirSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { temporaryData } from "../../test/temporary-data.ts";
import { rememberedPort, rememberPort } from "./remembered-port.ts";

const data = temporaryData({ beforeEach, afterEach });

describe("a port of a virtual node", () => {
  it("is any free one at first, and the same ever after", () => {
    mkdirSync(data().at("vn-district"));
    expect(rememberedPort(data(), "district", "mqtt")).toBe(0);
    rememberPort(data(), "district", "mqtt", 40_287);
    expect(rememberedPort(data(), "district", "mqtt")).toBe(40_287);
    expect(rememberedPort(data(), "district", "enrolment")).toBe(0);
    expect(rememberedPort(data(), "offices", "mqtt")).toBe(0);
  });
});
