import type { FaultPoint } from "./fault-point.ts";

/** The same object as somebody sees it whose calls may break. Files that its methods give are seen alike. */
export function brokenView<T extends object>(target: T, point: FaultPoint, isDead: () => boolean): T {
  return new Proxy(target, {
    get: (_, name) => {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function" || name === "sizeBytes") return member;
      return (...args: unknown[]) => call(() => member.apply(target, args), point, isDead);
    },
  });
}

async function call(act: () => unknown, point: FaultPoint, isDead: () => boolean): Promise<unknown> {
  if (isDead()) return new Promise(() => undefined);
  const value = await point
    .pass(async () => act())
    .catch((error: unknown) => {
      // Whose calls break here is dead from then on: it sees no error, it sees nothing any more.
      if (isDead()) return new Promise<never>(() => undefined);
      throw error;
    });
  const isFile = typeof value === "object" && value !== null && "append" in value;
  return isFile ? brokenView(value, point, isDead) : value;
}
