export {
  AggregatorServer,
  type AggregatorServerModules,
  type AggregatorServerOptions,
  type Endpoint,
} from "./aggregator-server.ts";
export type { ServerTls } from "./http-app.ts";
