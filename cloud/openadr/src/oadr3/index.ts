export type { Change } from "./change.ts";
export { type Client, clientOf, hashClientSecret, type RegisteredClient, type Role } from "./clients.ts";
export type {
  Event3,
  EventRequest,
  Interval,
  IntervalPeriod,
  Kind,
  ObjectOf,
  ObjectOperation,
  Operation,
  Program,
  ProgramRequest,
  Report3,
  ReportRequest,
  RequestOf,
  Resource3,
  ResourceRequest,
  Subscription,
  SubscriptionRequest,
  ValuesMap,
  Ven3 as Ven3Object,
  VenRequest,
} from "./model.ts";
export { Notifier, type NotifierModules } from "./notifier.ts";
export type { MqttBinding } from "./notifier-routes.ts";
export {
  type Notifiers,
  Oadr3Client,
  type Oadr3ClientOptions,
  Oadr3Error,
  type Oadr3ErrorCode,
} from "./oadr3-client.ts";
export { Oadr3Refusal, type Problem } from "./problem.ts";
export type { Recipient } from "./recipients.ts";
export { endOfDuration, intervalAt, type TimelineInterval, type TimelineMoment, timelineOf } from "./timeline.ts";
export { verifyToken } from "./tokens.ts";
export { mayReadTopic, type TopicMessage } from "./topics.ts";
export { Ven3, type Ven3Modules, type Ven3Notification, type Ven3Options } from "./ven3.ts";
export type { Meter3 } from "./ven3-reports.ts";
export type { FollowedEvent } from "./ven3-state.ts";
export { type Search, Vtn3, type Vtn3Modules } from "./vtn3.ts";
export { createVtn3Server, MAX_BODY_BYTES, type Vtn3ServerModules, type Vtn3ServerOptions } from "./vtn3-server.ts";
export { createWebhookPost, InternalAddressError, type WebhookPost, type WebhookPostOptions } from "./webhook-post.ts";
