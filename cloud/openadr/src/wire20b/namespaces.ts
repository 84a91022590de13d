/**
 * The namespaces of OpenADR 2.0b and the prefix each is written with. Any prefix is accepted when reading.
 * The keys are the prefixes the profile's own examples use, so that a captured message reads like the standard.
 */
export const NAMESPACES = {
  ei: "http://docs.oasis-open.org/ns/energyinterop/201110",
  emix: "http://docs.oasis-open.org/ns/emix/2011/06",
  gml: "http://www.opengis.net/gml/3.2",
  oadr: "http://openadr.org/oadr-2.0b/2012/07",
  power: "http://docs.oasis-open.org/ns/emix/2011/06/power",
  pyld: "http://docs.oasis-open.org/ns/energyinterop/201110/payloads",
  scale: "http://docs.oasis-open.org/ns/emix/2011/06/siscale",
  strm: "urn:ietf:params:xml:ns:icalendar-2.0:stream",
  xcal: "urn:ietf:params:xml:ns:icalendar-2.0",
} as const;

/** A namespace by its usual prefix. */
export type Prefix = keyof typeof NAMESPACES;

/** A name as the profile writes it, such as `ei:venID`. */
export type QualifiedName = `${Prefix}:${string}`;

/** MUST be given a name of the profile: of a prefix that is none the namespace would be undefined. */
export function splitName(name: QualifiedName): { prefix: Prefix; namespace: string; local: string } {
  const colon = name.indexOf(":");
  const prefix = name.slice(0, colon) as Prefix;
  return { prefix, namespace: NAMESPACES[prefix], local: name.slice(colon + 1) };
}
