// Reads what a request says by the schemas of its route: params, query and body, or the problem with them.
import Type, { type TObject, type TSchema } from 'typebox';
import type { ProblemCode } from './contract.ts';
import type { Fault } from './contract/problem.ts';
import type { Route } from './define-route.ts';
import { HttpProblem } from './problem.ts';

export interface RequestTexts {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly contentType: string | undefined;
  /** Empty where the route takes none. */
  readonly body: Uint8Array;
}

export interface CheckedRequest {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

export type RequestCheck = (texts: RequestTexts) => Promise<CheckedRequest>;

/** Returns what throws a 400 or 415 for whatever the schemas of the route do not let through. */
export function createRequestCheck(route: Route): RequestCheck {
  const parameters = Type.Object(
    { ...route.params?.properties, ...route.query?.properties },
    { additionalProperties: false },
  );
  const bodySchema = route.body === undefined ? null : closed(route.body);
  return async ({ params, query, contentType, body }) => {
    const { faultsOf } = await import('./schema-check.ts');
    const given = {
      params: typed(parameters, Object.entries(params)),
      query: typed(
        parameters,
        [...new Set(query.keys())].map((name) => [name, query.getAll(name)]),
      ),
    };
    refuse('badParameter', faultsOf(parameters, { ...given.query, ...given.params }));
    if (bodySchema === null) return { ...given, body: {} };
    const value = parsed(body, contentType);
    refuse('badBody', faultsOf(bodySchema, value));
    return { ...given, body: value };
  };
}

/** Refuses members that it does not name, unless it says that it takes them. */
export function closed(schema: TSchema): TSchema {
  const isOpen = 'properties' in schema && !('additionalProperties' in schema);
  return isOpen ? { ...schema, additionalProperties: false } : schema;
}

function refuse(code: ProblemCode, errors: readonly Fault[]): void {
  const [first] = errors;
  if (first === undefined) return;
  throw new HttpProblem(code, { detail: `${first.path} ${first.message}`.trim(), errors });
}

function typed(
  { properties }: TObject,
  texts: readonly (readonly [string, string | readonly string[]])[],
): Record<string, unknown> {
  return Object.fromEntries(
    texts.map(([name, text]) => [
      name,
      Object.hasOwn(properties, name) ? valueOf(properties[name], text) : text,
    ]),
  );
}

/** As the schema has it, where the text can be read so; else the text, which the schema then refuses. */
function valueOf(schema: TSchema | undefined, text: string | readonly string[]): unknown {
  const { type, items } = (schema ?? {}) as { type?: unknown; items?: TSchema };
  if (typeof text !== 'string') {
    if (type === 'array') return text.map((one) => valueOf(items, one));
    return text.length === 1 ? valueOf(schema, text[0] ?? '') : text;
  }
  switch (type) {
    case 'integer':
      return /^-?\d{1,16}$/.test(text) ? Number(text) : text;
    case 'number':
      return /^-?\d{1,16}(\.\d{1,16})?$/.test(text) ? Number(text) : text;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    default:
      return text;
  }
}

function parsed(body: Uint8Array, contentType: string | undefined): unknown {
  if (body.length === 0) return {};
  const mediaType = contentType?.split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json') {
    throw new HttpProblem('bodyNotJson', { hint: 'send Content-Type: application/json and a body of JSON' });
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (cause) {
    // Of both the text is for strangers: it names a position in what they sent themselves.
    throw new HttpProblem('badJson', {
      detail: cause instanceof SyntaxError ? cause.message : 'it is not UTF-8',
    });
  }
}
