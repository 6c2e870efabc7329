// Signs and looks together: what everything that draws is given.
import { glyphsOf, type Glyphs, type GlyphsName, type TerminalEnv } from './glyphs.ts';
import { paletteOf, type Palette, type PaletteName } from './palette.ts';

export interface Theme {
  readonly glyphs: Glyphs;
  readonly palette: Palette;
}

export interface ThemeChoice {
  readonly glyphs: GlyphsName;
  readonly palette: PaletteName;
  /** False: no colour, whatever the palette (NO_COLOR, --no-color). */
  readonly color: boolean;
}

export function createTheme({ glyphs, palette, color }: ThemeChoice, env: TerminalEnv): Theme {
  return { glyphs: glyphsOf(glyphs, env), palette: paletteOf(color ? palette : 'mono') };
}
