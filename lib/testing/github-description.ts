import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

/** A request to the API, as the description speaks of it. */
export interface DescribedRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/** An operation of GitHub's published description that a request is for. */
export interface Operation {
  /** `GET /repos/{owner}/{repo}`. */
  readonly route: string;
  /** What the places of the route hold. */
  readonly places: Readonly<Record<string, string>>;
  /** What the request has that the description does not allow. */
  readonly violations: readonly string[];
  /** What an answer has that the description does not allow; an answer of an undescribed status is not looked at. */
  readonly answerViolations: (status: number, body: unknown) => string[];
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: object;
}

interface Described {
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

type Content = Readonly<Record<string, { readonly schema: object }>>;

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: {
    readonly parameters: Readonly<Record<string, Parameter>>;
    readonly schemas: object;
  };
}

let loaded: { readonly description: Description; readonly ajv: Ajv2020 } | undefined;

function load(): NonNullable<typeof loaded> {
  if (loaded === undefined) {
    // Written by scripts/dev/write-github-operations.ts.
    const file = new URL('./github-operations.json', import.meta.url);
    const description: Description = JSON.parse(readFileSync(file, 'utf8'));
    const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true, coerceTypes: false });
    ajv.addSchema({ $id: 'github', components: { schemas: description.components.schemas } });
    loaded = { description, ajv };
  }
  return loaded;
}

/** The operation that a request is for; `undefined` where the description has none. */
export function operationFor(request: DescribedRequest): Operation | undefined {
  const found = templateFor(request);
  if (found === undefined) return undefined;
  const { template, places, described } = found;
  return {
    route: `${request.method} ${template}`,
    places,
    violations: [...parameterViolations(described, request, places), ...bodyViolations(described, request)],
    answerViolations: (status, body) => {
      const schema = described.responses[String(status)]?.content?.['application/json']?.schema;
      return schema === undefined ? [] : violationsOf(schema, body, `answer ${status}`);
    },
  };
}

function templateFor({ method, path }: DescribedRequest) {
  const segments = path.split('/');
  const fitting = Object.entries(load().description.paths).flatMap(([template, operations]) => {
    const described = operations[method.toLowerCase()];
    const places = described === undefined ? undefined : placesIn(template.split('/'), segments);
    return described === undefined || places === undefined ? [] : [{ template, places, described }];
  });
  return fitting.sort((a, b) => Object.keys(a.places).length - Object.keys(b.places).length)[0];
}

function placesIn(template: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (template.length !== segments.length) return undefined;
  const places: Record<string, string> = {};
  for (const [index, part] of template.entries()) {
    const segment = segments[index] ?? '';
    const [, name] = /^\{(\w+)\}$/.exec(part) ?? [];
    if (name === undefined && part !== segment) return undefined;
    if (name !== undefined) places[name] = decodeURIComponent(segment);
  }
  return places;
}

function parameterViolations(
  described: Described,
  { query }: DescribedRequest,
  places: Readonly<Record<string, string>>,
): string[] {
  const parameters = (described.parameters ?? []).map((one) => ('$ref' in one ? parameterAt(one.$ref) : one));
  const known = new Set(parameters.filter((one) => one.in === 'query').map(({ name }) => name));
  const unknown = [...query.keys()].filter((name) => !known.has(name)).map((name) => `query ${name} is not described`);
  const wrong = parameters.flatMap((parameter) => {
    const given = parameter.in === 'path' ? places[parameter.name] : query.get(parameter.name);
    if (parameter.in === 'header') return [];
    if (given === undefined || given === null)
      return parameter.required === true ? [`${parameter.name} is missing`] : [];
    return violationsOf(parameter.schema, typed(given), `${parameter.in} ${parameter.name}`);
  });
  return [...unknown, ...wrong];
}

function parameterAt(reference: string): Parameter {
  const parameter = load().description.components.parameters[reference.split('/').at(-1) ?? ''];
  if (parameter === undefined) throw new Error(`GitHub's description has no ${reference}.`);
  return parameter;
}

/** A text of a path or a query, as the number that it may stand for. */
function typed(text: string): string | number {
  return /^\d+$/.test(text) ? Number(text) : text;
}

function bodyViolations({ requestBody }: Described, { body }: DescribedRequest): string[] {
  const schema = requestBody?.content['application/json']?.schema;
  if (schema === undefined) return body === undefined ? [] : ['a body is not described'];
  if (body === undefined) return requestBody?.required === true ? ['the body is missing'] : [];
  return [...violationsOf(schema, body, 'body'), ...unknownKeys(schema, body)];
}

/** GitHub passes over what it does not know, so a misspelt key would be lost without a word. */
function unknownKeys(schema: object, body: unknown): string[] {
  if (!('properties' in schema) || typeof body !== 'object' || body === null) return [];
  const known = Object.keys(schema.properties as object);
  return Object.keys(body).flatMap((key) => (known.includes(key) ? [] : [`body ${key} is not described`]));
}

function violationsOf(schema: object, value: unknown, what: string): string[] {
  const validate = validators.get(schema) ?? compiled(schema);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${what}${instancePath} ${message}`);
}

const validators = new WeakMap<object, ValidateFunction>();

function compiled(schema: object): ValidateFunction {
  const text = JSON.stringify(schema).replaceAll('"#/components', '"github#/components');
  const validate = load().ajv.compile(JSON.parse(text));
  validators.set(schema, validate);
  return validate;
}
