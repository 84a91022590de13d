import Fastify from "fastify";
import { readSpecification, SPECIFICATION_ID, specificationSchemas } from "../src/oadr3/specification.ts";

/** Holds an HTTP answer against the published specification: its status must be listed and its body must fit. */
export interface SpecificationCheck {
  check(method: string, path: string, status: number, body: string): Promise<void>;
  readonly checked: ReadonlySet<string>;
  close(): Promise<void>;
}

interface ResponseDescription {
  readonly $ref?: string;
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

export async function createSpecificationCheck(): Promise<SpecificationCheck> {
  const specification = readSpecification();
  const validator = Fastify({
    ajv: { customOptions: { strict: false, coerceTypes: false, removeAdditional: false, useDefaults: false } },
  });
  validator.addSchema(specificationSchemas());
  const routes = new Set<string>();
  for (const [path, operations] of Object.entries(specification.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const { responses = {} } = operation as { responses?: Record<string, ResponseDescription> };
      for (const [status, response] of Object.entries(responses)) {
        const schema = schemaOf(response, specification);
        if (schema === undefined) continue;
        const route = `/${method}/${status}${path.replaceAll(/\{(\w+)\}/g, "_")}`;
        routes.add(route);
        validator.post(route, { schema: { body: pointed(schema) } }, () => "ok");
      }
    }
  }
  await validator.ready();
  const checked = new Set<string>();
  return {
    checked,
    async check(method, path, status, body) {
      const template = templateOf(path);
      const route = `/${method.toLowerCase()}/${status}${template}`;
      if (!routes.has(route)) throw new Error(`the specification has no answer ${route}`);
      const headers = { "content-type": "application/json" };
      const answer = await validator.inject({ method: "POST", url: route, payload: body, headers });
      if (answer.statusCode !== 200) throw new Error(`${route}: ${answer.body} in ${body}`);
      checked.add(route);
    },
    close: () => validator.close(),
  };
}

/** The specification's path for one that was called: identifiers become `_`. */
function templateOf(path: string): string {
  const [plain = ""] = path.split("?");
  const topics = /^(\/notifiers\/mqtt\/topics\/\w+)\/[^/]+(.*)$/.exec(plain);
  if (topics !== null) return `${topics[1]}/_${topics[2]}`;
  return plain.replace(/^(\/\w+)\/[^/]+$/, (whole, first) => (first === "/auth" ? whole : `${first}/_`));
}

function schemaOf(
  response: ResponseDescription,
  specification: ReturnType<typeof readSpecification>,
): object | undefined {
  const name = response.$ref?.split("/").at(-1);
  const components = specification.components as unknown as { responses: Record<string, ResponseDescription> };
  const resolved = name === undefined ? response : components.responses[name];
  return resolved?.content?.["application/json"]?.schema;
}

function pointed(schema: object): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/', `"${SPECIFICATION_ID}#/`));
}
