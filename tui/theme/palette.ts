// How each meaning looks: names of the 16 ANSI colours only, so that the terminal's own theme decides what they are.
import type { Role } from './role.ts';

export type PaletteName = 'default' | 'colour-blind' | 'mono';

export interface Style {
  readonly color?: 'green' | 'cyan' | 'magenta' | 'yellow' | 'red' | 'blue';
  readonly bold?: boolean;
  readonly dimColor?: boolean;
}

export type Palette = Readonly<Record<Role, Style>>;

const common = {
  waiting: {},
  reserved: { color: 'magenta' },
  unavailable: { dimColor: true },
  secondary: { dimColor: true },
  strong: { bold: true },
  plain: {},
} as const satisfies Partial<Palette>;

const palettes: Readonly<Record<PaletteName, Palette>> = {
  default: {
    ...common,
    ok: { color: 'green' },
    active: { color: 'cyan' },
    warning: { color: 'yellow' },
    danger: { color: 'red', bold: true },
    offline: { color: 'red', dimColor: true },
  },
  // Red and green never tell two things apart.
  'colour-blind': {
    ...common,
    ok: { color: 'blue' },
    active: { color: 'cyan' },
    warning: { color: 'yellow' },
    danger: { color: 'magenta', bold: true },
    offline: { dimColor: true },
  },
  mono: {
    ...common,
    ok: {},
    active: { bold: true },
    reserved: {},
    warning: { bold: true },
    danger: { bold: true },
    offline: { dimColor: true },
  },
};

export function paletteOf(name: PaletteName): Palette {
  return palettes[name];
}
