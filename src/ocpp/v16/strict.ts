// Strict validation against the 1.6 schemas: for what we send, in tests and before an operator's command leaves. Not for what arrives: see lenient.ts.
// It stands apart from messages.ts because loading ajv costs more than the whole start of the server.
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { schemaOf, type Action, type Direction } from './messages.ts';

const validators = new Map<string, ValidateFunction>();
let compiler: Ajv | undefined;

/**
 * What is wrong with a payload by the letter of the 1.6 schema, empty when nothing is.
 * Members that the schema does not name are errors everywhere, also where the package's schema forgot to say so.
 */
export function strictErrors(action: Action, direction: Direction, payload: unknown): string[] {
  const key = `${action} ${direction}`;
  let validate = validators.get(key);
  if (validate === undefined) {
    compiler ??= createCompiler();
    validate = compiler.compile(closed(schemaOf(action, direction)) as object);
    validators.set(key, validate);
  }
  return validate(payload) ? [] : (validate.errors ?? []).map(sentence);
}

function createCompiler(): Ajv {
  // Not ajv's strict mode: it objects to the package's harmless `additionalProperties` beside a string type.
  const ajv = new Ajv({ allErrors: true, strict: false, multipleOfPrecision: 6 });
  formats.default(ajv);
  return ajv;
}

/** A copy of the schema in which every object refuses members that it does not name. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== 'object' || node === null) return node;
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(node)) copy[key] = closed(value);
  if (copy['type'] === 'object') copy['additionalProperties'] = false;
  return copy;
}

function sentence(error: ErrorObject): string {
  const path = error.instancePath === '' ? 'the payload' : error.instancePath.slice(1).replaceAll('/', '.');
  const detail: unknown =
    error.params['additionalProperty'] ?? error.params['allowedValues'] ?? error.params['allowedValue'];
  const said = error.message ?? error.keyword;
  return detail === undefined ? `${path} ${said}` : `${path} ${said} (${JSON.stringify(detail)})`;
}
