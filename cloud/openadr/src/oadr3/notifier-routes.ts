import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Client } from "./clients.ts";
import { Oadr3Refusal } from "./problem.ts";
import { collectionTopics, type OperationTopics, objectTopics } from "./topics.ts";
import type { Vtn3 } from "./vtn3.ts";

/** How clients reach the broker that notifications are published on [OADR3.1 mqttNotifierBindingObject]. */
export interface MqttBinding {
  /** Such as `mqtts://broker.example:8883`. */
  readonly uris: readonly string[];
  readonly authentication:
    | { readonly method: "ANONYMOUS" }
    | { readonly method: "OAUTH2_BEARER_TOKEN"; readonly username: string }
    | {
        readonly method: "CERTIFICATE";
        readonly caCert: string;
        readonly clientCert: string;
        readonly clientKey: string;
      };
}

/** `requireClient` comes from the token routes, so that both know the same clients. */
export interface NotifierRouteModules {
  readonly vtn: Vtn3;
  /** Throws `Oadr3Refusal` (401) without a valid token. */
  readonly requireClient: (request: FastifyRequest) => Client;
}

interface ById {
  readonly Params: { readonly id: string };
}

/** The notifiers a VTN has and, where MQTT is one of them, the names of its topics. */
export function addNotifierRoutes(
  api: FastifyInstance,
  mqtt: MqttBinding | undefined,
  { vtn, requireClient }: NotifierRouteModules,
): void {
  api.get("/notifiers", (request) => {
    requireClient(request);
    return mqtt === undefined ? { WEBHOOK: true } : { WEBHOOK: true, MQTT: toBindingObject(mqtt) };
  });
  const root = "/notifiers/mqtt/topics";
  const requireBusiness = (request: FastifyRequest) => {
    const client = requireClient(request);
    requireMqtt(mqtt);
    if (!client.scopes.has("read_all")) throw new Oadr3Refusal(403, "the scope read_all is needed");
    return client;
  };
  for (const kind of ["programs", "events", "reports", "subscriptions", "vens", "resources"] as const) {
    api.get(`${root}/${kind}`, (request) => {
      requireBusiness(request);
      return answer(collectionTopics(kind));
    });
  }
  api.get<ById>(`${root}/programs/:id`, (request) => {
    const { id } = vtn.peek(requireBusiness(request), "programs", request.params.id);
    return answer(objectTopics(`programs/${id}`));
  });
  api.get<ById>(`${root}/programs/:id/events`, (request) => {
    const { id } = vtn.peek(requireBusiness(request), "programs", request.params.id);
    return answer(collectionTopics(`programs/${id}/events`));
  });
  const requireVen = (request: FastifyRequest<ById>) => {
    const client = requireClient(request);
    requireMqtt(mqtt);
    if (!client.scopes.has("read_all") && !client.scopes.has("read_ven_objects")) {
      throw new Oadr3Refusal(403, "the scope read_ven_objects is needed");
    }
    return `vens/${vtn.peek(client, "vens", request.params.id).id}`;
  };
  api.get<ById>(`${root}/vens/:id`, (request) => answer(objectTopics(requireVen(request))));
  for (const kind of ["events", "programs", "resources"] as const) {
    api.get<ById>(`${root}/vens/:id/${kind}`, (request) => answer(collectionTopics(`${requireVen(request)}/${kind}`)));
  }
}

/** A VTN without a broker has no topics, and the specification has no other word for that. */
function requireMqtt(mqtt: MqttBinding | undefined): void {
  if (mqtt === undefined) throw new Oadr3Refusal(404, "this VTN has no MQTT notifier");
}

function toBindingObject({ uris, authentication }: MqttBinding) {
  return { URIS: uris, serialization: "JSON", authentication };
}

function answer(topics: OperationTopics) {
  return { topics };
}
