// One page of a list: from a cursor on, so that what comes and goes between two requests moves nothing.
import { PAGE_LIMIT_DEFAULT } from './contract.ts';
import type { PageQuery } from './contract/schema.ts';

export interface Page<T> {
  readonly items: T[];
  /** The cursor of the last item; null when nothing comes after it. */
  readonly next: string | null;
}

/** `cursorOf` is unique; `order` is the one that the items are in, by their cursors. */
export function pageOf<T>(
  ordered: Iterable<T>,
  { limit = PAGE_LIMIT_DEFAULT, after }: PageQuery,
  cursorOf: (item: T) => string,
  order: (a: string, b: string) => number = byText,
): Page<T> {
  const items: T[] = [];
  for (const item of ordered) {
    if (after !== undefined && order(cursorOf(item), after) <= 0) continue;
    const last = items.at(-1);
    if (items.length === limit && last !== undefined) return { items, next: cursorOf(last) };
    items.push(item);
  }
  return { items, next: null };
}

/** By UTF-16 code units: the order of `<`. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
