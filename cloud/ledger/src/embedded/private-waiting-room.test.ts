import { expect, test } from "vitest";
import { PrivateWaitingRoom, WAITING_MAX } from "./private-waiting-room.ts";

test("gives back what it was given, once", () => {
  const room = new PrivateWaitingRoom();
  room.keep("a", Uint8Array.of(1));
  expect(room.take("a")).toEqual(Uint8Array.of(1));
  expect(room.take("a")).toBeUndefined();
});

test("keeps so many and then forgets the oldest", () => {
  const room = new PrivateWaitingRoom();
  for (let index = 0; index < WAITING_MAX; index++) room.keep(String(index), new Uint8Array());
  expect([room.size(), room.take("0")]).toEqual([WAITING_MAX, new Uint8Array()]);
  room.keep("0", new Uint8Array());
  room.keep("one more", new Uint8Array());
  expect([room.size(), room.take("1")]).toEqual([WAITING_MAX, undefined]);
});
