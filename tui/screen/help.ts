// All keys and commands, from the tables that they work by; filtered like every list.
import type { Command } from '../command/command.ts';
import { keyText, type Binding } from '../keys/binding.ts';
import { bodySize } from '../layout.ts';
import { span } from '../widget/line.ts';
import { hasFocus, listPane, type ListSpec } from '../widget/list-pane.ts';
import type { Column } from '../widget/table.ts';
import type { Screen } from './screen.ts';

export interface HelpRow {
  readonly id: string;
  readonly keys: readonly string[];
  readonly label: string;
  readonly where: string;
}

export interface HelpParts {
  readonly screens: readonly Screen[];
  readonly listKeys: readonly Binding[];
  readonly globalKeys: readonly Binding[];
  readonly commands: readonly Command[];
}

/** A row for each key and command, in the order of the help. */
export function helpRows({ screens, listKeys, globalKeys, commands }: HelpParts): readonly HelpRow[] {
  const rows = (where: string, bindings: readonly Binding[]) =>
    bindings.map(({ keys, label }) => ({ id: `${where}:${keys.join()}`, keys, label, where }));
  return [
    ...rows('anywhere', globalKeys),
    ...rows('lists', listKeys),
    ...screens.flatMap((screen) => rows(screen.name, bindingsOfItsOwn(screen, screens))),
    ...commands.map(({ name, args, label }) => {
      const text = `:${name}${args === undefined ? '' : ` ${args}`}`;
      return { id: text, keys: [text], label, where: 'commands' };
    }),
  ];
}

/** Without those that work the same on the screen that one comes from: they are told there. */
function bindingsOfItsOwn({ id, under, bindings }: Screen, screens: readonly Screen[]): readonly Binding[] {
  const before = id === under ? [] : (screens.find((one) => one.id === under)?.bindings ?? []);
  const isTold = ({ keys, label }: Binding) =>
    before.some((one) => one.keys.join() === keys.join() && one.label === label);
  return bindings.filter((binding) => !isTold(binding));
}

/** `parts` are asked for when the help is opened: they are made with it. */
export function helpScreen(parts: () => HelpParts): Screen {
  let rows: readonly HelpRow[] | null = null;
  const list: ListSpec<HelpRow> = {
    pane: 'keys',
    title: 'Help',
    noun: 'key',
    rows: () => (rows ??= helpRows(parts())),
    idOf: ({ id }) => id,
    empty: () => [],
    columns: ({ theme }): readonly Column<HelpRow>[] => [
      {
        title: 'Key',
        width: 16,
        maxWidth: 30,
        cell: ({ keys }) =>
          span(keys.map((key) => keyText(key, theme.glyphs.upDown.length === 2)).join(' '), 'strong'),
      },
      { title: 'Does', width: 24, maxWidth: 60, cell: ({ label }) => label },
      { title: 'Where', width: 10, maxWidth: 14, cell: ({ where }) => span(where, 'secondary') },
    ],
  };
  return {
    id: 'help',
    tab: null,
    under: 'help',
    name: 'Help',
    bands(world) {
      const { columns, rows: height } = bodySize(world.size);
      return [[listPane(world, list, { width: columns, height }, hasFocus(world, list.pane, list.pane))]];
    },
    bindings: [],
  };
}
