import { expect, it } from "vitest";
import { SessionRefusal } from "./refusal.ts";

it.each([
  ["client_id_empty", 2],
  ["client_id_mismatch", 2],
  ["not_enrolled", 5],
  ["will", 5],
] as const)("says %s in CONNACK as far as MQTT 3.1.1 has a word for it", (reason, returnCode) => {
  const cause = new Error("why");
  expect(new SessionRefusal(reason, cause)).toMatchObject({ code: "SESSION_REFUSED", reason, returnCode, cause });
});
