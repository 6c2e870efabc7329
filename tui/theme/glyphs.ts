// The signs that are drawn: one set of shapes, one of ASCII. None is an emoji or takes two columns.

export type GlyphsName = 'auto' | 'unicode' | 'ascii';

export interface Glyphs {
  readonly live: string;
  readonly available: string;
  readonly charging: string;
  readonly preparing: string;
  readonly finishing: string;
  readonly suspended: string;
  readonly reserved: string;
  readonly warning: string;
  readonly danger: string;
  readonly offline: string;
  readonly unavailable: string;
  readonly unknown: string;
  readonly ended: string;
  readonly unlimited: string;
  readonly done: string;
  readonly working: string;
  readonly info: string;
  readonly selected: string;
  readonly ascending: string;
  readonly descending: string;
  readonly outgoing: string;
  readonly incoming: string;
  readonly ellipsis: string;
  readonly barFull: string;
  readonly barEmpty: string;
  /** From the lowest to the highest. */
  readonly spark: readonly string[];
  /** Top left, top right, bottom left, bottom right, horizontal, vertical. */
  readonly box: readonly [string, string, string, string, string, string];
  readonly upDown: string;
}

/** Those that are one sign. */
export type GlyphName = {
  [K in keyof Glyphs]: Glyphs[K] extends string ? K : never;
}[keyof Glyphs];

const unicode: Glyphs = {
  live: '●',
  available: '○',
  charging: '▶',
  preparing: '◐',
  finishing: '◑',
  suspended: '‖',
  reserved: '◆',
  warning: '▲',
  danger: '✖',
  offline: '╳',
  unavailable: '⊘',
  unknown: '?',
  ended: '■',
  unlimited: '∞',
  done: '✓',
  working: '…',
  info: '·',
  selected: '>',
  ascending: '↑',
  descending: '↓',
  outgoing: '→',
  incoming: '←',
  ellipsis: '…',
  barFull: '█',
  barEmpty: '░',
  spark: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
  box: ['┌', '┐', '└', '┘', '─', '│'],
  upDown: '↑↓',
};

const ascii: Glyphs = {
  live: '*',
  available: '.',
  charging: '>',
  preparing: '~',
  finishing: '+',
  suspended: '=',
  reserved: 'R',
  warning: '^',
  danger: '!',
  offline: 'x',
  unavailable: '-',
  unknown: '?',
  ended: '#',
  unlimited: 'u',
  done: 'v',
  working: '...',
  info: '-',
  selected: '>',
  ascending: '^',
  descending: 'v',
  outgoing: '->',
  incoming: '<-',
  ellipsis: '~',
  barFull: '#',
  barEmpty: '.',
  spark: ['_', '.', '-', '=', '+', '*', '#', '%'],
  box: ['+', '+', '+', '+', '-', '|'],
  upDown: 'Up/Dn',
};

/** What a terminal says of itself, as far as it matters to what can be drawn. */
export interface TerminalEnv {
  readonly TERM?: string | undefined;
  readonly LC_ALL?: string | undefined;
  readonly LC_CTYPE?: string | undefined;
  readonly LANG?: string | undefined;
  /** Set by Windows Terminal. */
  readonly WT_SESSION?: string | undefined;
  /** `vscode` in its terminal. */
  readonly TERM_PROGRAM?: string | undefined;
  /** As Node names it. */
  readonly platform: string;
}

/** `auto`: shapes where the locale is UTF-8; on Windows in the terminals that have them. */
export function glyphsOf(name: GlyphsName, env: TerminalEnv): Glyphs {
  if (name !== 'auto') return name === 'unicode' ? unicode : ascii;
  return hasShapes(env) ? unicode : ascii;
}

function hasShapes({
  TERM,
  LC_ALL,
  LC_CTYPE,
  LANG,
  WT_SESSION,
  TERM_PROGRAM,
  platform,
}: TerminalEnv): boolean {
  if (TERM === 'linux' || TERM === 'dumb') return false;
  if (platform === 'win32') return WT_SESSION !== undefined || TERM_PROGRAM === 'vscode';
  // The first that is set decides, as in POSIX.
  const locale = [LC_ALL, LC_CTYPE, LANG].find((value) => value !== undefined && value !== '') ?? '';
  return /utf-?8/i.test(locale);
}
