// API tokens as the API tells them: schemas and types. A token itself is told once, when it is added.
import Type, { type Static } from 'typebox';
import { isoTime, named, page, words } from './schema.ts';

const name = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: '^[A-Za-z0-9][A-Za-z0-9 ._@-]*$',
  description:
    'Letters, digits, blanks and . _ @ -. Who uses it: what it does stands under this name in the log.',
});
const role = words(
  ['viewer', 'operator', 'admin'],
  'viewer reads, operator commands chargers as well, admin may do everything.',
);

export type ApiToken = Static<typeof ApiToken>;
export const ApiToken = named('ApiToken', 'A token that was added.', {
  name,
  role,
  createdAt: isoTime('When it was added.'),
  by: Type.String({ description: 'The token of who added it.' }),
});

export const ApiTokensPage = page('ApiTokens', ApiToken);

export type NewToken = Static<typeof NewToken>;
export const NewToken = named('NewToken', 'A token to be added.', { name, role });

export type AddedToken = Static<typeof AddedToken>;
export const AddedToken = named('AddedToken', 'A token that was added now.', {
  name,
  role,
  token: Type.String({ description: 'The token itself: only its hash is kept, so it is told this once.' }),
});
