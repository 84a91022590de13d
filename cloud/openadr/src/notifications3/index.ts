export { type NotifierBroker, startNotifierBroker } from "./notifier-broker.ts";
export { startTopicListener } from "./topic-listener.ts";
export { startWebhookListener, type WebhookListener } from "./webhook-listener.ts";
