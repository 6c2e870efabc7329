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

/**
 * The first `count` by this order, without putting all of them into it: cheap where a few of very many are wanted,
 * cheapest where `items` end with them, as what is kept in the order of its coming does with the newest.
 */
export function firstInOrder<T>(items: readonly T[], count: number, order: (a: T, b: T) => number): T[] {
  if (count < 1) return [];
  const kept: T[] = [];
  for (let index = items.length - 1; index >= 0; index -= 1) {
    const item = items[index] as T;
    if (kept.length >= count && order(item, kept[count - 1] as T) >= 0) continue;
    kept.splice(placeIn(kept, item, order), 0, item);
    if (kept.length > count) kept.pop();
  }
  return kept;
}

/** Behind all that come before it. */
function placeIn<T>(sorted: readonly T[], item: T, order: (a: T, b: T) => number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (order(item, sorted[middle] as T) < 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** By UTF-16 code units: the order of `<`. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
