/**
 * The objects of OpenADR 3.1 as they stand in JSON. Names are the specification's; the specification's own schemas
 * check every request, so these types describe what has passed that check.
 */

/** RFC 3339, or one of the values that mean "now" (see `timeline.ts`). */
export type DateTime = string;
/** ISO 8601; `P9999Y` means without end. */
export type Duration = string;

/** A pair of values, such as a price and the amount it holds for. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Values with the word that says what they mean [OADR3.1 Definition, Enumerations]; private words are allowed. */
export interface ValuesMap {
  readonly type: string;
  readonly values: readonly (number | string | boolean | Point)[];
}

/**
 * When something happens. An absent start means now, or after the interval before; a client may move the start by up
 * to `randomizeStart` in either direction.
 */
export interface IntervalPeriod {
  readonly start?: DateTime;
  readonly duration?: Duration;
  readonly randomizeStart?: Duration;
}

/** One step of an event or of a report. `id` tells steps of one event apart and orders nothing. */
export interface Interval {
  readonly id: number;
  readonly intervalPeriod?: IntervalPeriod;
  readonly payloads: readonly ValuesMap[];
}

/** What an object is called in JSON [OADR3.1 objectTypes]. */
export type ObjectType = "PROGRAM" | "EVENT" | "REPORT" | "SUBSCRIPTION" | "VEN" | "RESOURCE";

/** What can be subscribed to. READ is told too, although it changes nothing. */
export type Operation = "CREATE" | "READ" | "UPDATE" | "DELETE";
type Targets = { readonly targets?: readonly string[] | null };

interface Metadata<T extends ObjectType> {
  readonly id: string;
  readonly createdDateTime: DateTime;
  readonly modificationDateTime: DateTime;
  readonly objectType: T;
}

/** A demand-response programme or a tariff; its name is unique in a VTN. */
export interface ProgramRequest extends Targets {
  readonly programName: string;
  readonly intervalPeriod?: IntervalPeriod;
  readonly programDescriptions?: readonly { readonly URL: string }[] | null;
  readonly payloadDescriptors?: readonly object[] | null;
  readonly attributes?: readonly ValuesMap[] | null;
}

/** What business logic wants of VENs at a time. Its intervals repeat while `duration` lasts, if that is stated. */
export interface EventRequest extends Targets {
  readonly programID: string;
  readonly eventName?: string | null;
  readonly duration?: Duration;
  /** 0 is the highest; absent is the lowest. */
  readonly priority?: number | null;
  readonly reportDescriptors?: readonly object[] | null;
  readonly payloadDescriptors?: readonly object[] | null;
  readonly intervalPeriod?: IntervalPeriod;
  readonly intervals?: readonly Interval[];
}

/** What a VEN reports on an event, resource by resource. */
export interface ReportRequest {
  readonly eventID: string;
  readonly clientName: string;
  readonly reportName?: string | null;
  readonly payloadDescriptors?: readonly object[] | null;
  readonly resources: readonly {
    readonly resourceName: string;
    readonly intervalPeriod?: IntervalPeriod;
    readonly intervals: readonly Interval[];
  }[];
}

/** Which changes of which objects go to a callback. The bearer token is sent with each notification. */
export interface ObjectOperation {
  readonly objects: readonly ObjectType[];
  readonly operations: readonly Operation[];
  readonly callbackUrl: string;
  readonly bearerToken?: string | null;
}

/** Who wants to be told, narrowed by a program and by targets; nobody is told of what it may not read. */
export interface SubscriptionRequest extends Targets {
  readonly clientName: string;
  readonly programID?: string;
  readonly objectOperations: readonly ObjectOperation[];
}

/** A VEN as its client makes it (`VEN_…`), or as business logic makes it for a client and grants targets (`BL_…`). */
export interface VenRequest extends Targets {
  readonly objectType: "BL_VEN_REQUEST" | "VEN_VEN_REQUEST";
  readonly clientID?: string;
  readonly venName: string;
  readonly attributes?: readonly ValuesMap[] | null;
}

/** A device or a site behind a VEN. Its targets count as granted to the VEN too. */
export interface ResourceRequest extends Targets {
  readonly objectType: "BL_RESOURCE_REQUEST" | "VEN_RESOURCE_REQUEST";
  readonly clientID?: string;
  readonly resourceName: string;
  readonly venID: string;
  readonly attributes?: readonly ValuesMap[] | null;
}

/** A program as the VTN has it [OADR3.1 program]. */
export type Program = Metadata<"PROGRAM"> & ProgramRequest;
/** An event as the VTN has it [OADR3.1 event]. */
export type Event3 = Metadata<"EVENT"> & EventRequest;
/** A report as the VTN has it, with the client that made it [OADR3.1 report]. */
export type Report3 = Metadata<"REPORT"> & ReportRequest & { readonly clientID: string };
/** A subscription as the VTN has it, with the client that made it [OADR3.1 subscription]. */
export type Subscription = Metadata<"SUBSCRIPTION"> & SubscriptionRequest & { readonly clientID: string };
/** A ven object as the VTN has it, with the client that it stands for [OADR3.1 ven]. */
export type Ven3 = Metadata<"VEN"> & Omit<VenRequest, "objectType"> & { readonly clientID: string };
/** A resource as the VTN has it, with the client of its ven [OADR3.1 resource]. */
export type Resource3 = Metadata<"RESOURCE"> & Omit<ResourceRequest, "objectType"> & { readonly clientID: string };

/** The object of each kind, by the name of its collection. */
export interface ObjectOf {
  readonly programs: Program;
  readonly events: Event3;
  readonly reports: Report3;
  readonly subscriptions: Subscription;
  readonly vens: Ven3;
  readonly resources: Resource3;
}

/** What a client sends to make or change an object of each kind. */
export interface RequestOf {
  readonly programs: ProgramRequest;
  readonly events: EventRequest;
  readonly reports: ReportRequest;
  readonly subscriptions: SubscriptionRequest;
  readonly vens: VenRequest;
  readonly resources: ResourceRequest;
}

/** A collection of objects, by its name in paths. */
export type Kind = keyof ObjectOf;
/** An object of any collection. */
export type AnyObject = ObjectOf[Kind];

/** The collections, in the order in which routes and tables are made. */
export const KINDS = ["programs", "events", "reports", "subscriptions", "vens", "resources"] as const;

/** What the objects of each collection are called in JSON. */
export const OBJECT_TYPES: { readonly [K in Kind]: ObjectOf[K]["objectType"] } = {
  programs: "PROGRAM",
  events: "EVENT",
  reports: "REPORT",
  subscriptions: "SUBSCRIPTION",
  vens: "VEN",
  resources: "RESOURCE",
};
