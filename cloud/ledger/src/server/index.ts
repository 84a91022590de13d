/** The Fabric Gateway protocol over gRPC. */
export type { GatewayServerOptions } from "./gateway-server.ts";
export { serveGateway } from "./gateway-server.ts";
