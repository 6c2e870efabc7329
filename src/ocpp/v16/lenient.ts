// Reads an inbound request as its schema means it: forgives spelling, drops what is hopeless, says what it did. It never refuses; routes decide that.
// Each schema becomes two closures once: a quick test for payloads that fit already, and a mending copy for the others.
import {
  schemaOf,
  type Action,
  type CentralSystemAction,
  type ChargePointAction,
  type Direction,
  type JsonSchema,
  type RequestOf,
} from './messages.ts';
import type { Lenient } from './route.ts';

/** Most items taken of one array; the newest (last) are kept. A frame of 1 MiB cannot hold as many samples. */
export const MAX_ARRAY_ITEMS = 20_000;

/** Most notes and most missing members reported of one request. */
export const MAX_NOTES = 50;

/** Longest text that is still looked at as a number. */
const MAX_NUMBER_LENGTH = 40;

const DECIMAL = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/** Registers in Wh: a fraction (seen: 26008.333) or kWh of a wrongly built charger is energy, so it passes for the domain to judge. */
const REGISTERS: ReadonlySet<string> = new Set(['meterStart', 'meterStop']);

export type Problem =
  | 'notNumber'
  | 'notInteger'
  | 'unsafeInteger'
  | 'notString'
  | 'notBoolean'
  | 'notObject'
  | 'notArray'
  | 'tooMany'
  | 'fraction'
  | 'converted';

/** `converted` and `fraction` were kept, everything else was dropped. */
export interface Note {
  /** As in `meterValue[0].sampledValue[2].value`. */
  readonly path: string;
  readonly problem: Problem;
}

export interface LenientRequest<A extends ChargePointAction> {
  readonly request: Lenient<RequestOf<A>>;
  readonly notes: readonly Note[];
  /** Paths of required members that are absent, null or hopeless. */
  readonly missing: readonly string[];
}

interface Report {
  readonly notes: Note[];
  readonly missing: string[];
}

interface Reader {
  fits(value: unknown): boolean;
  /** The mended value, or undefined when it is hopeless (noted). */
  mend(value: unknown, path: string, report: Report): unknown;
}

type JsonObject = Record<string, unknown>;

const nothing: readonly never[] = Object.freeze([]);
const readers = { request: new Map<Action, Reader>(), response: new Map<Action, Reader>() };

/** Reads the payload of a CALL; anything but a JSON object is read as `{}`. A payload that fits is handed on as it is. */
export function readRequest<A extends ChargePointAction>(action: A, payload: unknown): LenientRequest<A> {
  const reader = readerOf(action, 'request');
  type Request = Lenient<RequestOf<A>>;
  if (reader.fits(payload)) return { request: payload as Request, notes: nothing, missing: nothing };
  const report: Report = { notes: [], missing: [] };
  const request = reader.mend(isJsonObject(payload) ? payload : {}, '', report) as Request;
  return { request, ...report };
}

/** Whether a payload can be the answer to our CALL of this action: members and types fit, values of enums are not looked at. */
export function fitsResponse(action: CentralSystemAction, payload: unknown): boolean {
  return readerOf(action, 'response').fits(payload);
}

/** Whether a parsed JSON value is an object (not an array, not null). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readerOf(action: Action, direction: Direction): Reader {
  let reader = readers[direction].get(action);
  if (reader === undefined) {
    const schema = schemaOf(action, direction);
    reader = compile(schema, schema.definitions ?? {}, '');
    readers[direction].set(action, reader);
  }
  return reader;
}

function compile(
  schema: JsonSchema,
  definitions: Readonly<Record<string, JsonSchema>>,
  name: string,
): Reader {
  if (schema.$ref !== undefined) {
    const target = definitions[schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)];
    if (target === undefined)
      throw new Error(`the schema refers to ${schema.$ref}, which it does not define`);
    return compile(target, definitions, name);
  }
  switch (schema.type) {
    case 'object':
      return objectReader(schema, definitions);
    case 'array':
      return arrayReader(compile(schema.items ?? {}, definitions, ''));
    case 'integer':
      return integerReader(REGISTERS.has(name));
    case 'number':
      return numberReader;
    case 'boolean':
      return booleanReader;
    case 'string':
      return stringReader;
    default:
      throw new Error(`a schema of type ${String(schema.type)} is not read here`);
  }
}

function objectReader(schema: JsonSchema, definitions: Readonly<Record<string, JsonSchema>>): Reader {
  // No prototype: a member called `__proto__` or `constructor` is simply unknown.
  const members = Object.create(null) as Record<string, Reader | undefined>;
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    members[name] = compile(member, definitions, name);
  }
  const names = Object.keys(members);
  const required = schema.required ?? [];
  return {
    fits(value) {
      if (!isJsonObject(value)) return false;
      for (const name in value) {
        const member = members[name];
        if (member?.fits(value[name]) !== true) return false;
      }
      for (const name of required) if (value[name] === undefined) return false;
      return true;
    },
    mend(value, path, report) {
      if (!isJsonObject(value)) return hopeless(path, 'notObject', report);
      const mended: JsonObject = {};
      for (const name of names) {
        const given = Object.hasOwn(value, name) ? value[name] : undefined;
        if (given === undefined || given === null) continue;
        const read = members[name]?.mend(given, path === '' ? name : `${path}.${name}`, report);
        if (read !== undefined) mended[name] = read;
      }
      for (const name of required) {
        if (mended[name] === undefined && report.missing.length < MAX_NOTES) {
          report.missing.push(path === '' ? name : `${path}.${name}`);
        }
      }
      return mended;
    },
  };
}

function arrayReader(item: Reader): Reader {
  return {
    fits(value) {
      if (!Array.isArray(value) || value.length > MAX_ARRAY_ITEMS) return false;
      for (const element of value) if (!item.fits(element)) return false;
      return true;
    },
    mend(value, path, report) {
      // Huawei sends the only meterValue as an object.
      if (isJsonObject(value)) {
        const only = item.mend(value, `${path}[0]`, report);
        note(path, 'converted', report);
        return only === undefined ? [] : [only];
      }
      if (!Array.isArray(value)) return hopeless(path, 'notArray', report);
      if (value.length > MAX_ARRAY_ITEMS) note(path, 'tooMany', report);
      const skipped = Math.max(0, value.length - MAX_ARRAY_ITEMS);
      const mended: unknown[] = [];
      for (let index = skipped; index < value.length; index++) {
        const element: unknown = value[index];
        if (element === null) continue;
        const read = item.mend(element, `${path}[${index}]`, report);
        if (read !== undefined) mended.push(read);
      }
      return mended;
    },
  };
}

function integerReader(isRegister: boolean): Reader {
  return {
    fits: Number.isSafeInteger,
    mend(value, path, report) {
      const number = toNumber(value);
      if (number === undefined) return hopeless(path, 'notNumber', report);
      // Beyond 2^53 the digits that arrived are gone already (seen: transaction id 9223372036854775807).
      if (Math.abs(number) > Number.MAX_SAFE_INTEGER) return hopeless(path, 'unsafeInteger', report);
      if (Number.isInteger(number)) {
        if (typeof value !== 'number') note(path, 'converted', report);
        return number;
      }
      if (!isRegister) return hopeless(path, 'notInteger', report);
      note(path, 'fraction', report);
      return number;
    },
  };
}

const numberReader: Reader = {
  fits: Number.isFinite,
  mend(value, path, report) {
    const number = toNumber(value);
    if (number === undefined) return hopeless(path, 'notNumber', report);
    if (typeof value !== 'number') note(path, 'converted', report);
    return number;
  },
};

const booleanReader: Reader = {
  fits: (value) => typeof value === 'boolean',
  mend(value, path, report) {
    return typeof value === 'boolean' ? value : hopeless(path, 'notBoolean', report);
  },
};

const stringReader: Reader = {
  fits: (value) => typeof value === 'string',
  mend(value, path, report) {
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') {
      // A tag or a register that JSON.parse has rounded is another tag, another register.
      if (Math.abs(Number(value)) > Number.MAX_SAFE_INTEGER) return hopeless(path, 'unsafeInteger', report);
      note(path, 'converted', report);
      return String(value);
    }
    return hopeless(path, 'notString', report);
  },
};

/** Strict on purpose: `Number('')` is 0 and `Number('0x10')` is 16. */
function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || value.length > MAX_NUMBER_LENGTH) return undefined;
  const text = value.trim();
  if (!DECIMAL.test(text)) return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}

function note(path: string, problem: Problem, report: Report): void {
  if (report.notes.length < MAX_NOTES) report.notes.push({ path, problem });
}

function hopeless(path: string, problem: Problem, report: Report): unknown {
  note(path, problem, report);
  return undefined;
}
