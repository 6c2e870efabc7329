// What another program changed in energy_usage.json: told from what kwota wrote there lately. Pure; it reads no file.
import { whOf } from '../domain/energy.ts';

/** What kwota wrote, or was about to write, at a time. */
export interface UsagePublication {
  /** Counts up. */
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** `2026-11`. */
  readonly month: string;
  readonly whByTag: PublishedUsage;
}

/** Wh by tag. A Map is one. */
interface PublishedUsage extends Iterable<readonly [idTag: string, wh: number]> {
  get(idTag: string): number | undefined;
}

export interface UsageChange {
  readonly idTag: string;
  /** As published; 0 when the publication did not have the tag. */
  readonly fromWh: number;
  readonly toWh: number;
}

/** A value that is no amount of energy: nothing follows from it. */
export interface IgnoredUsage {
  readonly idTag: string;
  readonly problem: string;
}

export interface UsageFileProblem {
  readonly code: 'notJson' | 'notAnObject';
  readonly message: string;
}

export type UsageEdit =
  /** Equal to a publication, so kwota's own or a stale one: no edit. */
  | { readonly kind: 'ours'; readonly base: UsagePublication; readonly ignored: readonly IgnoredUsage[] }
  /** `changes` (never empty) are the differences to `base`, which is what the other program had read. */
  | {
      readonly kind: 'edit';
      readonly base: UsagePublication;
      readonly changes: readonly UsageChange[];
      /**
       * Wh: the base with the changes made. To be put on record as a publication together with the adjustments, else the
       * same file, seen again before it is replaced (a second edit, a crash), would be adopted twice.
       */
      readonly whByTag: ReadonlyMap<string, number>;
      readonly ignored: readonly IgnoredUsage[];
    }
  /** Without a publication nothing can be told apart from an edit, so nothing is one. */
  | { readonly kind: 'unknownBase' }
  | { readonly kind: 'unreadable'; readonly problem: UsageFileProblem };

/** A larger amount is a slip, not energy of a month. */
const MAX_USAGE_KWH = 10_000_000;

/**
 * Compares in whole Wh. Equal to any publication is no edit. Otherwise the base is the publication that differs in the
 * fewest tags of the file, among equals the newest. A tag that the file lacks is no edit, an explicit 0 is.
 */
export function recogniseEdit(fileText: string, publications: readonly UsagePublication[]): UsageEdit {
  const parsed = parseUsage(fileText);
  if (!parsed.ok) return { kind: 'unreadable', problem: parsed.problem };
  const { whByTag, ignored } = parsed;
  let best: { base: UsagePublication; changes: UsageChange[] } | null = null;
  for (const base of [...publications].sort((a, b) => b.seq - a.seq)) {
    const changes = differences(whByTag, base.whByTag);
    if (best === null || changes.length < best.changes.length) best = { base, changes };
  }
  if (best === null) return { kind: 'unknownBase' };
  const { base, changes } = best;
  if (changes.length === 0) return { kind: 'ours', base, ignored };
  const edited = new Map(base.whByTag);
  for (const { idTag, toWh } of changes) edited.set(idTag, toWh);
  return { kind: 'edit', base, changes, whByTag: edited, ignored };
}

function differences(file: ReadonlyMap<string, number>, published: PublishedUsage): UsageChange[] {
  const changes: UsageChange[] = [];
  for (const [idTag, toWh] of file) {
    const fromWh = published.get(idTag) ?? 0;
    if (fromWh !== toWh) changes.push({ idTag, fromWh, toWh });
  }
  return changes;
}

type ParsedUsage =
  | {
      readonly ok: true;
      readonly whByTag: ReadonlyMap<string, number>;
      readonly ignored: readonly IgnoredUsage[];
    }
  | { readonly ok: false; readonly problem: UsageFileProblem };

function parseUsage(fileText: string): ParsedUsage {
  let parsed: unknown;
  try {
    parsed = JSON.parse(fileText.replace(/^\ufeff/, ''));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, problem: { code: 'notJson', message: `not readable as JSON: ${reason}` } };
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return { ok: false, problem: { code: 'notAnObject', message: 'not an object of kWh by id_tag' } };
  }
  const whByTag = new Map<string, number>();
  const ignored: IgnoredUsage[] = [];
  for (const [idTag, value] of Object.entries(parsed)) {
    const kWh = kWhFrom(value);
    if (idTag.trim() === '') ignored.push({ idTag, problem: 'the id_tag is empty' });
    else if (typeof kWh === 'string') ignored.push({ idTag, problem: kWh });
    else whByTag.set(idTag, whOf(kWh));
  }
  return { ok: true, whByTag, ignored };
}

/** kWh, or in words why the value is none. */
function kWhFrom(value: unknown): number | string {
  let kWh = value;
  if (typeof value === 'string' && /^\d+(\.\d+)?$/.test(value.trim())) kWh = Number(value);
  if (typeof kWh !== 'number' || Number.isNaN(kWh)) return 'not a number of kWh';
  if (kWh < 0) return `negative: ${kWh}`;
  if (kWh > MAX_USAGE_KWH) return `more than ${MAX_USAGE_KWH} kWh: ${kWh}`;
  return kWh;
}
