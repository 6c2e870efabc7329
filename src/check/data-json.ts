// What has to hold in the four JSON files of a data folder, told with line, column and a hint. Extra keys are nobody's business.
import type { Problem } from '../config/problem.ts';
import { usableTransactionId } from '../csms/session-search.ts';
import { parseTimestamp } from '../domain/timestamp.ts';
import { JsonFault, parseJsonTree, type JsonEntry, type JsonNode } from './json-tree.ts';

/** What is wrong, and with what. */
interface Fault {
  readonly at: number;
  readonly path: string;
  readonly message: string;
  readonly hint: string;
}

type Check = (root: JsonNode) => Fault[];

/** A larger amount is a slip, not energy. */
const MAX_KWH = 10_000_000;
const HINT_KWH = 'write kWh like 85.5';
const HINT_TIME = 'write it like 2026-11-30T10:15:00Z';
const HINT_TAG = 'write the id of the card as users1.csv has it';

const CHECKS: Readonly<Record<string, Check>> = {
  'energy_usage.json': checkUsage,
  'active_transactions.json': checkTransactions,
  'charger_status.json': checkChargers,
  'meter_data_log.json': checkReadings,
};

/** The names of the files that are checked here. */
export const JSON_FILES: readonly string[] = Object.keys(CHECKS);

/** Everything that is wrong with the text of one of JSON_FILES; `source` is how the problems name it. */
export function checkSharedJson(name: string, text: string, source: string): Problem[] {
  const problem = ({ at, path, message, hint }: Fault): Problem => ({
    source,
    ...placeOf(text, at),
    path,
    message,
    hint,
  });
  try {
    const root = parseJsonTree(text.replace(/^\uFEFF/, ' '));
    return (CHECKS[name]?.(root) ?? []).map(problem);
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    const hint = 'put a whole file in its place; while a server runs it writes the file anew';
    return [problem({ at: error.at, path: '', message: error.message, hint })];
  }
}

/** Counted from 1, in characters as an editor shows them. */
function placeOf(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at).split(/\r\n|\r|\n/);
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

function checkUsage(root: JsonNode): Fault[] {
  return entriesOf(root, 'kWh by id_tag', ({ key, at, node }) => {
    if (key.trim() === '') return [{ at, path: key, message: 'the id_tag is empty', hint: HINT_TAG }];
    return kWhFaults(node, key, `what ${JSON.stringify(key)} has used`);
  });
}

function checkTransactions(root: JsonNode): Fault[] {
  return entriesOf(root, 'transactions by id', ({ key, at, node }) => {
    const row = rowOf(node, key, 'a transaction');
    const id = /^\d{1,10}$/.test(key) ? usableTransactionId(Number(key)) : null;
    const hint = 'the id is what the charger was given: a whole number from 1 to 2147483647';
    return [
      ...(id === null
        ? [{ at, path: key, message: `${JSON.stringify(key)} is no transaction id`, hint }]
        : []),
      ...row.faults,
      ...row.text('id_tag', HINT_TAG),
      ...row.text('charger_id', 'write the id of the charger'),
      ...row.kWh('start_meter'),
      ...row.kWh('last_meter'),
      ...row.time('start_time'),
    ];
  });
}

function checkChargers(root: JsonNode): Fault[] {
  return entriesOf(root, 'chargers by id', ({ key, node }) => {
    const row = rowOf(node, key, 'a charger');
    return [...row.faults, ...row.kWh('total_energy_delivered'), ...row.time('last_heartbeat')];
  });
}

function checkReadings(root: JsonNode): Fault[] {
  if (root.kind !== 'list')
    return [{ at: root.at, path: '', message: 'this is no list of readings', hint: 'begin with [' }];
  return root.items.flatMap((node, index) => {
    const row = rowOf(node, `[${index}]`, 'a reading');
    return [
      ...row.faults,
      ...row.text('ID', 'each reading has twelve digits of its own, like abc123def456'),
      ...row.time('timestamp'),
      ...row.kWh('deliveredEnergy'),
    ];
  });
}

/** All entries of the file, each with what is wrong with it, and the keys that stand there twice. */
function entriesOf(root: JsonNode, what: string, check: (entry: JsonEntry) => Fault[]): Fault[] {
  if (root.kind !== 'object')
    return [{ at: root.at, path: '', message: `this is no object of ${what}`, hint: 'begin with {' }];
  const seen = new Set<string>();
  return root.entries.flatMap((entry) => {
    const message = `${JSON.stringify(entry.key)} stands here for the second time`;
    const repeated = seen.has(entry.key)
      ? [{ at: entry.at, path: entry.key, message, hint: 'only the last one counts: delete the others' }]
      : [];
    seen.add(entry.key);
    return [...repeated, ...check(entry)];
  });
}

interface Row {
  /** That it is no object at all. */
  readonly faults: Fault[];
  text(name: string, hint: string): Fault[];
  /** Absent and null are fine. */
  kWh(name: string): Fault[];
  /** Absent and null are fine. */
  time(name: string): Fault[];
}

function rowOf(node: JsonNode, path: string, what: string): Row {
  const isObject = node.kind === 'object';
  const hint = 'it is an object in braces';
  const faults = isObject ? [] : [{ at: node.at, path, message: `this is not ${what}`, hint }];
  const find = (name: string) =>
    isObject ? node.entries.findLast(({ key }) => key === name)?.node : undefined;
  return {
    faults,
    text(name, hint) {
      const found = find(name);
      if (
        !isObject ||
        (found?.kind === 'value' && typeof found.value === 'string' && found.value.trim() !== '')
      )
        return [];
      const message = found === undefined ? `${name} is missing` : `${name} is not a text`;
      return [{ at: found?.at ?? node.at, path: `${path}.${name}`, message, hint }];
    },
    kWh(name) {
      const found = find(name);
      return found === undefined || isNull(found) ? [] : kWhFaults(found, `${path}.${name}`, name);
    },
    time(name) {
      const found = find(name);
      if (found === undefined || isNull(found)) return [];
      const isTime =
        found.kind === 'value' && typeof found.value === 'string' && parseTimestamp(found.value) !== null;
      return isTime
        ? []
        : [{ at: found.at, path: `${path}.${name}`, message: `${name} is not a time`, hint: HINT_TIME }];
    },
  };
}

function isNull(node: JsonNode): boolean {
  return node.kind === 'value' && node.value === null;
}

/** A number, or the text of one. */
function kWhFaults(node: JsonNode, path: string, what: string): Fault[] {
  const value = node.kind === 'value' ? node.value : null;
  const isText = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value.trim());
  const kWh = isText ? Number(value) : value;
  if (typeof kWh === 'number' && kWh >= 0 && kWh <= MAX_KWH) return [];
  const found = typeof kWh === 'number' ? `: ${kWh}` : '';
  return [{ at: node.at, path, message: `${what} is not an amount of kWh${found}`, hint: HINT_KWH }];
}
