// One configuration key as data: what its value may be, its default, its unit and its sentence. Which keys there are: schema.ts.
import type { Kind } from './kind.ts';

/** What a default may be taken from. */
export interface Machine {
  /** Relative paths of flags and variables start here; absolute. */
  readonly cwd: string;
  /** IANA name. */
  readonly timeZone: string;
}

export interface Key<T> {
  readonly kind: Kind<T>;
  /** A value, or what of the machine takes its place; null means "not set" and may then be written too. */
  readonly default: { readonly value: T } | { readonly from: 'timeZone' };
  /** Of the number; null for what is no quantity. */
  readonly unit: 'seconds' | 'milliseconds' | 'bytes' | 'days' | null;
  readonly sentence: string;
  /** For config.yaml, where there is no default to show. */
  readonly example: string | null;
  /** False: a change is picked up while running. */
  readonly needsRestart: boolean;
}

export type Keys = Readonly<Record<string, Key<unknown>>>;

type Unit = Key<unknown>['unit'];

/** A key with a default. */
export function key<T>(kind: Kind<T>, value: NoInfer<T>, sentence: string, unit: Unit = null): Key<T> {
  return { kind, default: { value }, unit, sentence, example: null, needsRestart: true };
}

/** The same key, whose changes a running server takes: every use of it reads it anew. */
export function live<T>(of: Key<T>): Key<T> {
  return { ...of, needsRestart: false };
}

/** A key that may be left unset. */
export function optionalKey<T>(kind: Kind<T>, example: string, sentence: string): Key<T | null> {
  return { kind, default: { value: null }, unit: null, sentence, example, needsRestart: true };
}
