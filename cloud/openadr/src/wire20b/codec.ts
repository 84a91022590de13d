import type { XmlElement } from "../xml/xml-element.ts";
import { NAMESPACES, type QualifiedName, splitName } from "./namespaces.ts";
import { WireFault } from "./wire-fault.ts";
import type { XmlWriter } from "./xml-writer.ts";

/**
 * The schema of the wire as data. Each element of the profile is described once, and the TypeScript type, the writer
 * (element order included) and the strict reader all follow from that one description.
 */

/** What stands between the tags of one element. */
export interface Content<T> {
  /** Throws `WireFault` when the element's content is not of this type. */
  read(element: XmlElement): T;
  /** Throws `WireFault` when the value cannot be written as this type, so that nothing invalid is ever sent. */
  write(value: T, out: XmlWriter): void;
}

/** One element, or one of several that may stand in the same place (a substitution group). */
export interface Particle<T> {
  readonly label: string;
  matches(element: XmlElement): boolean;
  read(element: XmlElement): T;
  write(value: T, out: XmlWriter): void;
}

type Occurs = "one" | "optional" | "many";

/** One particle of a sequence; `min` is the schema's minOccurs of a repeated one. */
export interface Field<T> {
  readonly occurs: Occurs;
  readonly min: number;
  readonly particle: Particle<unknown>;
  /** What a reader takes for an element that is missing and should not be; writers never leave it out. */
  readonly assumed?: T;
  /** Carries the type of the property only; it never exists at run time. */
  readonly value?: T;
}

type Shape = Readonly<Record<string, Field<unknown>>>;
type OptionalKeys<S extends Shape> = { [K in keyof S]: S[K]["occurs"] extends "optional" ? K : never }[keyof S];
type ValueOf<F> = F extends Field<infer T> ? T : never;

/** The object type a shape describes: optional fields may be absent, repeated ones are arrays. */
export type Infer<S extends Shape> = {
  readonly [K in Exclude<keyof S, OptionalKeys<S>>]: ValueOf<S[K]>;
} & { readonly [K in OptionalKeys<S>]?: ValueOf<S[K]> };

/** The value type of a content or a particle. */
export type TypeOf<C> = C extends Content<infer T> ? T : C extends Particle<infer T> ? T : never;

/** An element with this name and content. Faults inside tell the path to them. */
export function element<T>(name: QualifiedName, content: Content<T>): Particle<T> {
  const { namespace, local } = splitName(name);
  return {
    label: local,
    matches: (candidate) => candidate.local === local && candidate.namespace === namespace,
    read: (found) => atPath(local, () => content.read(found)),
    write(value, out) {
      out.open(name);
      atPath(local, () => content.write(value, out));
      out.close(name);
    },
  };
}

/** A member of a substitution group: the value says by `kind` which element it is. */
export type Variant<P> = { [K in keyof P]: { readonly kind: K; readonly value: TypeOf<P[K]> } }[keyof P];

/** A substitution group: exactly one of these elements. */
export function oneOf<P extends Readonly<Record<string, Particle<never> | Particle<unknown>>>>(
  particles: P,
): Particle<Variant<P>> {
  const entries = Object.entries(particles) as [string, Particle<unknown>][];
  return {
    label: entries.map(([, particle]) => particle.label).join("|"),
    matches: (candidate) => entries.some(([, particle]) => particle.matches(candidate)),
    read(found) {
      const entry = entries.find(([, particle]) => particle.matches(found));
      if (entry === undefined) throw new WireFault(found.local, "unexpected element");
      return { kind: entry[0], value: entry[1].read(found) } as Variant<P>;
    },
    write(value, out) {
      const particle = entries.find(([kind]) => kind === value.kind)?.[1];
      if (particle === undefined) throw new WireFault(String(value.kind), "unknown kind");
      particle.write(value.value, out);
    },
  };
}

/** An element that has to be there. */
export function one<T>(particle: Particle<T>): Field<T> & { readonly occurs: "one" } {
  return { occurs: "one", min: 1, particle: particle as Particle<unknown> };
}

/** An element that the schema demands and a known peer leaves out, with what that peer means by it. */
export function oneAssuming<T>(particle: Particle<T>, assumed: T): Field<T> & { readonly occurs: "one" } {
  return { ...one(particle), assumed };
}

/** An element that may be missing. */
export function optional<T>(particle: Particle<T>): Field<T> & { readonly occurs: "optional" } {
  return { occurs: "optional", min: 0, particle: particle as Particle<unknown> };
}

/** An element as often as it comes, in one run. */
export function many<T>(particle: Particle<T>, min: 0 | 1 = 0): Field<readonly T[]> & { readonly occurs: "many" } {
  return { occurs: "many", min, particle: particle as Particle<unknown> };
}

/** Child elements in exactly this order, and nothing else. */
export function sequence<S extends Shape>(shape: S): Content<Infer<S>> {
  const fields = Object.entries(shape);
  return {
    read: (found) => readSequence(found, fields) as Infer<S>,
    write(value, out) {
      for (const [key, field] of fields) writeField(key, field, (value as Record<string, unknown>)[key], out);
    },
  };
}

/** An element that only wraps another one, such as `xcal:dtstart/xcal:date-time`: the wrapper leaves no trace. */
export function wrapping<T>(inner: Particle<T>): Content<T> {
  const content = sequence({ inner: one(inner) });
  return {
    read: (found) => content.read(found).inner as T,
    write: (value, out) => content.write({ inner: value } as Infer<{ inner: Field<T> & { occurs: "one" } }>, out),
  };
}

/** An element around a list, such as `strm:intervals`. */
export function listOf<T>(inner: Particle<T>, min: 0 | 1): Content<readonly T[]> {
  const content = sequence({ items: many(inner, min) });
  return {
    read: (found) => content.read(found).items as readonly T[],
    write: (value, out) =>
      content.write({ items: value } as Infer<{ items: Field<readonly T[]> & { occurs: "many" } }>, out),
  };
}

function readSequence(found: XmlElement, fields: readonly [string, Field<unknown>][]): Record<string, unknown> {
  requireNoText(found);
  requireAttributes(found);
  const value: Record<string, unknown> = {};
  let next = 0;
  for (const [key, field] of fields) {
    const run = takeRun(found.children, next, field);
    next += run.length;
    const isMissing = run.length < field.min;
    const read = isMissing ? readMissing(field, found.children[next]) : readRun(field, run);
    if (read !== undefined) value[key] = read;
  }
  const surplus = found.children[next];
  if (surplus !== undefined) throw new WireFault(surplus.local, "unexpected element");
  return value;
}

function readRun({ occurs, particle }: Field<unknown>, run: readonly XmlElement[]): unknown {
  if (occurs === "many") return run.map((child) => particle.read(child));
  return run[0] === undefined ? undefined : particle.read(run[0]);
}

function readMissing({ particle, assumed }: Field<unknown>, instead: XmlElement | undefined): unknown {
  if (assumed === undefined) throw new WireFault(particle.label, missingText(instead));
  return assumed;
}

function takeRun(children: readonly XmlElement[], from: number, field: Field<unknown>): readonly XmlElement[] {
  const most = field.occurs === "many" ? children.length : from + 1;
  let to = from;
  while (to < most) {
    const child = children[to];
    if (child === undefined || !field.particle.matches(child)) break;
    to += 1;
  }
  return children.slice(from, to);
}

function missingText(instead: XmlElement | undefined): string {
  return instead === undefined ? "missing" : `missing before ${instead.local}`;
}

function writeField(key: string, field: Field<unknown>, value: unknown, out: XmlWriter): void {
  if (field.occurs !== "many") {
    if (value !== undefined) field.particle.write(value, out);
    else if (field.min > 0) throw new WireFault(key, "missing");
    return;
  }
  const items = (value ?? []) as readonly unknown[];
  if (items.length < field.min) throw new WireFault(key, "at least one is required");
  for (const item of items) field.particle.write(item, out);
}

/** Throws `WireFault` for text where the schema has elements only; white space is layout. */
export function requireNoText(found: XmlElement): void {
  if (/[^ \t\n\r]/.test(found.text)) throw new WireFault(found.local, "text between elements");
}

const XSI_NAMESPACE = "http://www.w3.org/2001/XMLSchema-instance";
const XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace";

/**
 * Refuses attributes that the schema does not know. `schemaVersion` is checked here because it may stand on every
 * message, and pyoadr-ven writes it without a prefix; hints for schema processors (`xsi:*`) and the `gml:id` of a
 * polygon are legal and carry no meaning for us.
 */
function requireAttributes(found: XmlElement): void {
  for (const { namespace, local, value } of found.attributes) {
    const isVersion = local === "schemaVersion" && (namespace === NAMESPACES.ei || namespace === "");
    if (isVersion) requireSchemaVersion(found, value);
    else if (!isIgnorableAttribute(namespace, local)) throw new WireFault(found.local, `unexpected attribute ${local}`);
  }
}

function requireSchemaVersion(found: XmlElement, version: string): void {
  if (version.trim() !== "2.0b") throw new WireFault(found.local, "schemaVersion is not 2.0b");
}

function isIgnorableAttribute(namespace: string, local: string): boolean {
  if (namespace === XSI_NAMESPACE || namespace === XML_NAMESPACE) return true;
  if (namespace === NAMESPACES.gml) return local === "id";
  return namespace === NAMESPACES.oadr && local === "Id";
}

function atPath<T>(local: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof WireFault)) throw error;
    throw new WireFault(`${local}/${error.path}`, error.detail);
  }
}
