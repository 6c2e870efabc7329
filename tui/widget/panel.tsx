// A pane with its borders, one <Text> a row: cheaper to lay out and to draw than boxes in boxes.
import { Box, Text } from 'ink';
import type { Pane } from '../screen/screen.ts';
import type { Style } from '../theme/palette.ts';
import type { Theme } from '../theme/theme.ts';
import { cut, emptyLine, fitLine, widthOf, type Line, type Span } from './line.ts';

/** Border and blank on either side. */
const SIDES = 4;

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
  const [topLeft, topRight, bottomLeft, bottomRight, horizontal, vertical] = box;
  const border = isFocused ? {} : theme.palette.secondary;
  const shownTitle = cut(title, width - SIDES - 2, ellipsis);
  const rule = horizontal.repeat(Math.max(0, width - widthOf(shownTitle) - SIDES - 1));
  const rows = Array.from({ length: Math.max(0, height - 2) }, (_, index) => lines[index] ?? emptyLine);
  return (
    <Box flexDirection="column" width={width} height={height} flexShrink={0}>
      <Text wrap="truncate">
        <Text {...border}>{`${topLeft}${horizontal} `}</Text>
        <Text {...(isFocused ? theme.palette.strong : {})}>{shownTitle}</Text>
        <Text {...border}>{` ${rule}${topRight}`}</Text>
      </Text>
      {rows.map((row, index) => (
        <Text key={index} wrap="truncate">
          <Text {...border}>{`${vertical} `}</Text>
          <Spans line={fitLine(row, width - SIDES, ellipsis)} theme={theme} isDimmed={isDimmed} />
          <Text {...border}>{` ${vertical}`}</Text>
        </Text>
      ))}
      <Text
        wrap="truncate"
        {...border}
      >{`${bottomLeft}${horizontal.repeat(Math.max(0, width - 2))}${bottomRight}`}</Text>
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
  return (
    <Text wrap="truncate">
      <Spans line={fitLine(line, columns, theme.glyphs.ellipsis)} theme={theme} isDimmed={false} />
    </Text>
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
