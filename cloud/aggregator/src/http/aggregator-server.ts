import type { AddressInfo } from "node:net";
import type { Clock, Log } from "@gridpact/host";
import { type BuiltApp, type Page, serveApp, servePage } from "@gridpact/page";
import { writeUnitJson } from "@gridpact/settlement";
import type { FastifyInstance } from "fastify";
import type { AggregatorCore } from "../aggregator-core.ts";
import { LiveFeed } from "../live/index.ts";
import { AggregatorMetrics, type KeeperCounts } from "../metrics.ts";
import { installHealth } from "./health.ts";
import { installHostCheck } from "./host-check.ts";
import { httpApp, type ServerTls } from "./http-app.ts";
import { installOpenApi } from "./open-api.ts";
import { installOperatorApi } from "./operator-api.ts";
import { sendProblem } from "./problem.ts";
import { type CallerOf, installVnApi } from "./vn-api.ts";
import { callerByCertificate } from "./vn-caller.ts";

/** Where to listen; port 0 takes a free one. */
export type Endpoint = { host: string; port: number };

export type AggregatorServerOptions = {
  /** For virtual nodes, by mutual TLS. */
  vnApi: Endpoint & { tls: ServerTls };
  /**
   * For the operator, without login, hence on the loopback interface. Another address is for containers alone, whose
   * published port MUST be bound to loopback.
   */
  operatorApi: { port: number; exposedWithoutLoginOn?: string };
  /** The app that checks receipts, under `/receipts/`; without it there is none. */
  receiptApp?: BuiltApp;
};

const PAGE: Page = {
  directory: new URL("../../page/", import.meta.url),
  files: ["live.css", "live.js", "chart.js"],
};

/** What both listeners serve, and what paces and logs them. */
export type AggregatorServerModules = {
  core: AggregatorCore;
  /** The wall's clock, not the market's: it paces people's screens. */
  screenClock: Clock;
  log: Log;
  /** For the metrics. */
  keepers?: KeeperCounts;
};

/** A new picture a second is what a person can follow. */
const LIVE_PERIOD_MS = 1_000;

const OPERATOR_HOST = "127.0.0.1";

/** The two listeners of the aggregator. */
export class AggregatorServer {
  readonly #vnApp: FastifyInstance;
  readonly #operatorApp: FastifyInstance;
  readonly #feed: LiveFeed;

  private constructor(apps: { vnApp: FastifyInstance; operatorApp: FastifyInstance; feed: LiveFeed }) {
    this.#vnApp = apps.vnApp;
    this.#operatorApp = apps.operatorApp;
    this.#feed = apps.feed;
  }

  /** Resolves when both listen. */
  static async listen(options: AggregatorServerOptions, modules: AggregatorServerModules): Promise<AggregatorServer> {
    const { core, log } = modules;
    const vnApp = await createVnApp(core, { log, tls: options.vnApi.tls, callerOf: callerByCertificate });
    const { port, exposedWithoutLoginOn } = options.operatorApi;
    const { app: operatorApp, feed } = await createOperatorApp(modules, options.receiptApp);
    installHostCheck(operatorApp);
    const server = new AggregatorServer({ vnApp, operatorApp, feed });
    try {
      await vnApp.listen({ host: options.vnApi.host, port: options.vnApi.port });
      await operatorApp.listen({ host: exposedWithoutLoginOn ?? OPERATOR_HOST, port });
    } catch (error) {
      await server.close();
      throw error;
    }
    return server;
  }

  vnPort(): number {
    return portOf(this.#vnApp);
  }

  operatorPort(): number {
    return portOf(this.#operatorApp);
  }

  async close(): Promise<void> {
    this.#feed.close();
    await Promise.all([this.#vnApp.close(), this.#operatorApp.close()]);
  }
}

/** The API for virtual nodes as an application; tests inject requests into it. */
export async function createVnApp(
  core: AggregatorCore,
  options: { log: Log; tls?: ServerTls; callerOf: CallerOf },
): Promise<FastifyInstance> {
  const app = httpApp(options.log, options.tls);
  await installOpenApi(app, "For virtual nodes; the client certificate says which one calls.");
  installVnApi(app, core, options.callerOf);
  return app;
}

/** The operator's API with page, metrics and health. */
export async function createOperatorApp(
  { core, screenClock, log, keepers }: AggregatorServerModules,
  receiptApp?: BuiltApp,
) {
  const app = httpApp(log);
  const render = () => writeUnitJson(core.liveView());
  const feed = new LiveFeed({ clock: screenClock, periodMs: LIVE_PERIOD_MS, render });
  await installOpenApi(app, "For the operator of the aggregator.");
  installOperatorApi(app, core);
  installHealth(app, core, new AggregatorMetrics(core, feed, keepers));
  servePage(app, PAGE);
  if (receiptApp !== undefined) serveApp(app, "/receipts/", receiptApp);
  app.get("/api/v1/live", { schema: { summary: "Newest state as server-sent events" } }, (request, reply) => {
    if (feed.add(reply.raw)) return reply.hijack();
    const title = "There are as many viewers as there may be";
    return sendProblem(request, reply, { status: 503, code: "TOO_MANY_VIEWERS", title, detail: "close another page" });
  });
  return { app, feed };
}

function portOf(app: FastifyInstance): number {
  return (app.server.address() as AddressInfo).port;
}
