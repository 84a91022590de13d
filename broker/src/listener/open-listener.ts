import type { Log } from "@gridpact/host";
import type { DeviceListener, ListenerModules, ListenerOptions } from "./device-listener.ts";
import { NativeListener } from "./native-listener.ts";
import { NodeTlsListener } from "./node-tls-listener.ts";

/** `node-tls` where the native library is not built; chosen by name only to compare the two. */
export type ListenerKind = "native" | "node-tls";

/**
 * Listens for devices: by the native library where it was built, otherwise by Node's TLS.
 * @throws ListenerMissingError when the native one was demanded and not built; and when the address cannot be had.
 */
export async function openListener(
  { kind, ...options }: ListenerOptions & { kind?: ListenerKind | undefined },
  { log, ...modules }: ListenerModules & { log: Log },
): Promise<DeviceListener> {
  const native = kind === "node-tls" ? undefined : NativeListener.listen(options, modules);
  if (native === undefined && kind === "native") throw new ListenerMissingError();
  log.info("listener_opened", { kind: native === undefined ? "node-tls" : "native" });
  return native ?? NodeTlsListener.listen(options, modules);
}

/** The native listener was demanded by name, but the library is not there. */
export class ListenerMissingError extends Error {
  readonly code = "LISTENER_MISSING";

  constructor() {
    super("the native listener is not built: run `node native/build.mjs` where there is a Rust toolchain");
    this.name = "ListenerMissingError";
  }
}
