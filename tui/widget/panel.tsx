// A pane with its borders, one <Text> a row: cheaper to lay out and to draw than boxes in boxes.
import { Box, Text } from 'ink';
import { memo } from 'react';
import { PANE_BORDERS, PANE_SIDES } from '../layout.ts';
import type { Pane } from '../screen/screen.ts';
import type { Style } from '../theme/palette.ts';
import type { Role } from '../theme/role.ts';
import type { Theme } from '../theme/theme.ts';
import { cut, emptyLine, fitLine, isSameLine, line, span, widthOf, type Line, type Span } from './line.ts';

interface PanelProps {
  readonly pane: Pane;
  readonly theme: Theme;
  readonly isFocused: boolean;
  /** What it shows is old: all of it is drawn as secondary. */
  readonly isDimmed: boolean;
}

export function Panel({ pane, theme, isFocused, isDimmed }: PanelProps) {
  const { title, width, height, lines } = pane;
  const { box, ellipsis } = theme.glyphs;
  const [topLeft, topRight, bottomLeft, bottomRight, horizontal] = box;
  const border = isFocused ? 'plain' : 'secondary';
  const shownTitle = cut(title, width - PANE_SIDES - 2, ellipsis);
  const rule = horizontal.repeat(Math.max(0, width - widthOf(shownTitle) - PANE_SIDES - 1));
  const top = line(
    span(`${topLeft}${horizontal} `, border),
    span(shownTitle, isFocused ? 'strong' : 'plain'),
    span(` ${rule}${topRight}`, border),
  );
  const bottom = line(
    span(`${bottomLeft}${horizontal.repeat(Math.max(0, width - PANE_BORDERS))}${bottomRight}`, border),
  );
  const rows = Array.from({ length: Math.max(0, height - PANE_BORDERS) }, (_, index) =>
    fitLine(lines[index] ?? emptyLine, width - PANE_SIDES, ellipsis),
  );
  return (
    <Box flexDirection="column" width={width} height={height} flexShrink={0}>
      <DrawnLine {...{ line: top, theme }} />
      {rows.map((row, index) => (
        <DrawnLine key={index} {...{ line: row, theme, border, isDimmed }} />
      ))}
      <DrawnLine {...{ line: bottom, theme }} />
    </Box>
  );
}

interface RowProps {
  readonly line: Line;
  readonly theme: Theme;
  readonly columns: number;
}

/** A line of its own, in exactly so many columns. */
export function Row({ line, theme, columns }: RowProps) {
  return <DrawnLine {...{ line: fitLine(line, columns, theme.glyphs.ellipsis), theme }} />;
}

interface DrawnLineProps {
  readonly line: Line;
  readonly theme: Theme;
  /** Between the borders of a pane, in this look. */
  readonly border?: Role;
  readonly isDimmed?: boolean;
}

/** One <Text>; it is not touched while it looks the same, which is what most lines do. */
const DrawnLine = memo(function DrawnLine({ line, theme, border, isDimmed = false }: DrawnLineProps) {
  const spans = <Spans {...{ line, theme, isDimmed }} />;
  if (border === undefined) return <Text wrap="truncate">{spans}</Text>;
  const vertical = theme.glyphs.box[5];
  return (
    <Text wrap="truncate">
      <Text {...theme.palette[border]}>{`${vertical} `}</Text>
      {spans}
      <Text {...theme.palette[border]}>{` ${vertical}`}</Text>
    </Text>
  );
}, looksSame);

function looksSame(a: DrawnLineProps, b: DrawnLineProps): boolean {
  return (
    a.theme === b.theme && a.border === b.border && a.isDimmed === b.isDimmed && isSameLine(a.line, b.line)
  );
}

interface SpansProps {
  readonly line: Line;
  readonly theme: Theme;
  readonly isDimmed: boolean;
}

function Spans({ line: { spans, isSelected = false }, theme, isDimmed }: SpansProps) {
  const pieces = spans.map((one, index) => {
    const style = styleOf(one, theme, isDimmed);
    return style === null ? (
      one.text
    ) : (
      <Text key={index} {...style}>
        {one.text}
      </Text>
    );
  });
  return isSelected ? <Text inverse>{pieces}</Text> : <>{pieces}</>;
}

/** null: as it is. */
function styleOf({ role }: Span, { palette }: Theme, isDimmed: boolean): Style | null {
  const style = isDimmed ? palette.secondary : palette[role];
  return Object.keys(style).length === 0 ? null : style;
}
