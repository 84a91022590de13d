/** Public face of the first step of a device's connection: TCP and TLS, native or of Node. */
export type {
  ConnectionReceiver,
  DeviceConnection,
  DeviceListener,
  ListenerCounts,
  ListenerOptions,
} from "./device-listener.ts";
export { HELLO_TIMEOUT_MS } from "./doorway.ts";
export { type ListenerKind, openListener } from "./open-listener.ts";
export { StreamConnection } from "./stream-connection.ts";
