// Finds the word that somebody probably meant. It knows nothing about configuration.

/** More edits than this and a suggestion confuses more than it helps. */
const MAX_EDITS = 3;
/** Longer texts are no typing mistakes; the bound also keeps the table below small. */
const MAX_LENGTH = 80;

/** The candidate with the fewest edits (insert, delete, replace, swap of neighbours), case ignored; null when none is near. */
export function closest(given: string, candidates: readonly string[]): string | null {
  if (given.length > MAX_LENGTH) return null;
  let best: string | null = null;
  // Half of a short word changed is another word.
  let bestEdits = Math.min(MAX_EDITS, Math.floor(given.length / 2)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - given.length) >= bestEdits) continue;
    const edits = editDistance(given.toLowerCase(), candidate.toLowerCase());
    if (edits < bestEdits) {
      best = candidate;
      bestEdits = edits;
    }
  }
  return best;
}

function editDistance(from: string, to: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = at(previous, column - 1) + (from[row - 1] === to[column - 1] ? 0 : 1);
      const isSwap =
        row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const swapped = isSwap ? at(beforePrevious, column - 2) + 1 : Infinity;
      current.push(Math.min(replaced, swapped, at(previous, column) + 1, at(current, column - 1) + 1));
    }
    beforePrevious = previous;
    previous = current;
  }
  return at(previous, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
