import { mkdirSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { temporaryData } from "../../test/temporary-data.ts";
import { rememberedPort, rememberPort } from "./remembered-port.ts";

const data = temporaryData({ beforeEach, afterEach });

describe("the MQTT port of a virtual node", () => {
  it("is any free one at first, and the same ever after", () => {
    mkdirSync(data().at("vn-district"));
    expect(rememberedPort(data(), "district")).toBe(0);
    rememberPort(data(), "district", 40_287);
    expect(rememberedPort(data(), "district")).toBe(40_287);
    expect(rememberedPort(data(), "offices")).toBe(0);
  });
});
