import { expect, it } from "vitest";
import { fuzzMqtt } from "./fuzz-mqtt.ts";

it("takes hostile bytes without a crash or a hang, and reaches what it is meant to", async () => {
  const result = await fuzzMqtt({ count: 4_000, seed: "mqtt" });
  expect(result).toMatchObject({ inputs: 4_000, hangs: 0 });
  // An even mixture of what is refused, what is not MQTT, and what goes through.
  for (const reached of [result.refused, result.unparsable, result.packets, result.readings, result.throughBroker]) {
    expect(reached).toBeGreaterThan(100);
  }
});

it("sends the same bytes for the same seed", async () => {
  const { grownMegabytes: _first, ...first } = await fuzzMqtt({ count: 300, seed: "again" });
  const { grownMegabytes: _second, ...second } = await fuzzMqtt({ count: 300, seed: "again" });
  expect(second).toEqual(first);
});
