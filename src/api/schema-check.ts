// Holds values against the contract's schemas and says in plain words what is wrong. Loading ajv takes longer than the
// start of the server: this file is imported when the first request needs it.
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import type { TSchema } from 'typebox';
import type { Fault } from './contract/problem.ts';

const FAULTS_MAX = 20;

const validators = new WeakMap<TSchema, ValidateFunction>();
let compiler: Ajv | undefined;

/** What is wrong with a value, the first 20; empty when nothing is. */
export function faultsOf(schema: TSchema, value: unknown): Fault[] {
  let validate = validators.get(schema);
  if (validate === undefined) {
    compiler ??= createCompiler();
    validate = compiler.compile(schema);
    validators.set(schema, validate);
  }
  if (validate(value)) return [];
  return (validate.errors ?? []).filter(isTelling).slice(0, FAULTS_MAX).map(faultOf);
}

function createCompiler(): Ajv {
  // Not ajv's strict mode: payloads of OCPP have schemas of others, which it objects to.
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: false, multipleOfPrecision: 6 });
  formats.default(ajv);
  return ajv;
}

/** Of "this or null" the first half says what is wrong. */
function isTelling({ keyword, params }: ErrorObject): boolean {
  return keyword !== 'anyOf' && params['type'] !== 'null';
}

function faultOf(error: ErrorObject): Fault {
  const { keyword, params, instancePath } = error;
  const member: unknown = keyword === 'required' ? params['missingProperty'] : params['additionalProperty'];
  const steps = instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const path = [...steps, ...(typeof member === 'string' ? [member] : [])].join('.');
  return { path, message: messageOf(error) };
}

function messageOf({ keyword, params, parentSchema, message }: ErrorObject): string {
  switch (keyword) {
    case 'required':
      return 'is missing';
    case 'additionalProperties':
      return 'is not known here';
    case 'enum':
      return `is one of ${(params['allowedValues'] as readonly unknown[]).join(', ')}`;
    case 'pattern':
      return `must have another form: ${String(parentSchema?.['description'] ?? message)}`;
    default:
      return wholeNumber(parentSchema) ?? message ?? keyword;
  }
}

function wholeNumber(schema: ErrorObject['parentSchema']): string | null {
  if (schema?.['type'] !== 'integer') return null;
  const { minimum, maximum } = schema as { minimum?: number; maximum?: number };
  if (minimum === undefined) return 'is a whole number';
  return maximum === undefined
    ? `is a whole number of at least ${minimum}`
    : `is a whole number from ${minimum} to ${maximum}`;
}
