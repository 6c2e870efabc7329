// Cards that were shown and that nobody knows, in few lines: each can be made a user.
import type { UnknownTag } from '../../src/api/contract/users.ts';
import { askNewUser } from '../action/new-user.ts';
import { duration, msOf } from '../text/times.ts';
import { line, span } from '../widget/line.ts';
import type { ListSpec } from '../widget/list-pane.ts';

export const unknownCards: ListSpec<UnknownTag> = {
  pane: 'unknown',
  title: 'Unknown cards: Tab, then Enter makes one a user',
  noun: 'card',
  isBare: true,
  rows: ({ snapshot }) => snapshot.unknownTags,
  idOf: ({ idTag }) => idTag,
  empty: () => [line(span('No unknown card was shown.', 'secondary'))],
  open: (desk, { idTag }) => askNewUser(desk, idTag),
  columns: ({ theme, nowMs }) => [
    { title: '', width: 1, cell: () => span(theme.glyphs.unknown, 'warning') },
    { title: 'Card', width: 14, maxWidth: 24, cell: ({ idTag }) => idTag },
    { title: 'At', width: 12, maxWidth: 24, cell: ({ chargerId }) => chargerId },
    {
      title: 'Times',
      width: 15,
      cell: ({ count, lastSeenAt }) =>
        span(`${count} x, ${duration(nowMs - (msOf(lastSeenAt) ?? nowMs))} ago`, 'secondary'),
    },
    {
      title: 'May be',
      width: 8,
      fills: true,
      dropOrder: 1,
      cell: ({ suggestions: [likely] }) =>
        likely ? span(`may be ${likely.idTag} (${likely.likeness})`, 'secondary') : '',
    },
  ],
};
