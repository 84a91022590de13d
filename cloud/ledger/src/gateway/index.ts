/** The gateway service free of transport, and the transport that needs no network. */
export type { GatewayService } from "./gateway-service.ts";
export { GatewayStatusError } from "./gateway-service.ts";
export { inProcessClient } from "./in-process-client.ts";
export { toServiceError } from "./service-error.ts";
