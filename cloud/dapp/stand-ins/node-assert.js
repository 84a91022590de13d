/** In the place of `node:assert/strict`, of which verification uses the plain call. */
export default function assert(holds, message) {
  if (!holds) throw message instanceof Error ? message : new Error(message);
}
