import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The OpenADR 3.1.0 specification, as published, with the few repairs it needs to be used as a validator. It is the
 * one source of what a request may look like; tests hold every answer against it too.
 */

interface Schema {
  readonly [key: string]: unknown;
}

interface Specification {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** What the schemas are called among a validator's schemas. */
export const SPECIFICATION_ID = "openadr3";

/** RFC 3339, or the sentinels for "now" that the specification's text allows and its `format` does not. */
const DATE_TIME =
  "^(0001-01-01|0001-01-01T00:00:00|" +
  "\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:([0-5]\\d|60)(\\.\\d{1,9})?" +
  "(Z|[+-]([01]\\d|2[0-3]):[0-5]\\d))$";

/** The specification as it was published. */
export function readSpecification(): Specification {
  const path = join(import.meta.dirname, "specification", "openadr3-3.1.0.json");
  return JSON.parse(readFileSync(path, "utf8")) as Specification;
}

/** The schemas in one document that `schemaReference` points into. */
export function specificationSchemas(): object {
  const schemas: Record<string, Schema> = { ...readSpecification().components.schemas };
  schemas["dateTime"] = { type: "string", pattern: DATE_TIME };
  // A JSON Schema draft takes a number where OpenAPI 3.0 takes a boolean; statuses end at 599 either way.
  schemas["problem"] = withoutExclusiveMaximum(schemas["problem"] ?? {});
  // As published, the objectType of these two must be two different words at once: their metadata says VEN or RESOURCE,
  // their request part says BL_…_REQUEST. The metadata's is the one that every example shows.
  schemas["ven"] = asStored("BlVenRequest", schemas);
  schemas["resource"] = asStored("BlResourceRequest", schemas);
  return { $id: SPECIFICATION_ID, components: { schemas } };
}

/** A schema of the specification, by its name there, as Fastify refers to it. */
export function schemaReference(name: string): object {
  return { $ref: `${SPECIFICATION_ID}#/components/schemas/${name}` };
}

function withoutExclusiveMaximum(problem: Schema): Schema {
  const properties = problem["properties"] as Record<string, Schema>;
  return { ...problem, properties: { ...properties, status: { type: "integer", minimum: 100, maximum: 599 } } };
}

function asStored(requestName: string, schemas: Readonly<Record<string, Schema>>): Schema {
  const request = schemas[requestName] ?? {};
  const { objectType: _ignored, ...properties } = request["properties"] as Record<string, Schema>;
  const required = (request["required"] as readonly string[]).filter((name) => name !== "objectType");
  return {
    type: "object",
    allOf: [{ $ref: "#/components/schemas/objectMetadata" }, { ...request, required, properties }],
  };
}
