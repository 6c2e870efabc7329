// Users, their grants and what they have used, as the API tells and takes them: schemas and types.
import Type, { type Static } from 'typebox';
import { MAX_ENROLMENT_SECONDS } from '../contract.ts';
import { energyWh, isoTime, MONTH_PATTERN, named, nullable, page } from './schema.ts';

/** Of one import: a body has its bounds. */
const MAX_IMPORTED_USERS = 10_000;

// How long and how large these may be is said by domain/user-fields.ts, to the API and to commands in the same words.
const text = (description: string) => Type.String({ description });

export const idTag = Type.String({
  description: 'The card, to the letter as in users1.csv.',
});

export const month = Type.String({
  pattern: MONTH_PATTERN,
  description: 'A billing month, `2026-11`.',
});

const fields = {
  name: text('Shown to people.'),
  surname: text('Shown to people.'),
  quotaKwh: Type.Number({
    description: 'kWh of a month, counted in whole Wh; not negative.',
  }),
  isUnlimited: Type.Boolean({ description: 'No limit, whatever quotaKwh says.' }),
  account: nullable(text('Users with the same account share one quota; null: a quota of its own.')),
  isBlocked: Type.Boolean({ description: 'May not charge; a running session is stopped.' }),
  expires: nullable(
    Type.String({ description: 'The last good day, `2026-12-31`, by the site; null: no end.' }),
  ),
};

const optionalFields = Type.Partial(Type.Object(fields)).properties;

export type UserChange = Static<typeof UserChange>;
export const UserChange = named('UserChange', 'Fields of a user.', optionalFields);

export type NewUser = Static<typeof NewUser>;
export const NewUser = named('NewUser', 'A user to be added: with quotaKwh, or isUnlimited.', {
  idTag,
  ...optionalFields,
});

const running = Type.Integer({ description: 'Sessions that run now.' });
const leftWh = nullable(
  energyWh(
    'Left of the month, for all cards of the account; may be negative. Null: unlimited, or not known.',
  ),
);

export type User = Static<typeof User>;
export const User = named('User', 'A row of users1.csv, and what it has used of the current month.', {
  idTag: Type.String(),
  ...fields,
  usedWh: energyWh('Of the current month, running sessions included.'),
  grantedWh: energyWh('Extra of the current month.'),
  leftWh,
  running,
  etag: Type.String({ description: 'The entity tag of its row: for If-Match.' }),
});

export const UsersPage = page('Users', User);

export const UserImport = named(
  'UserImport',
  'Known users become as it says, others are added; all or none.',
  {
    items: Type.Array(NewUser, { maxItems: MAX_IMPORTED_USERS }),
  },
);

export type Imported = Static<typeof Imported>;
export const Imported = named('Imported', 'What an import has done.', {
  added: Type.Integer(),
  changed: Type.Integer(),
  unchanged: Type.Integer(),
});

export type NewGrant = Static<typeof NewGrant>;
export const NewGrant = named('NewGrant', 'Extra kWh for one month.', {
  kWh: Type.Number({ description: 'More than 0; counted in whole Wh.' }),
  month: Type.Optional(
    Type.String({ description: 'A billing month, `2026-11`; the current one unless told.' }),
  ),
  note: Type.Optional(Type.String({ description: 'Why, for the books.' })),
});

export type Grant = Static<typeof Grant>;
export const Grant = named('Grant', 'Extra energy of a month. What was wrong is taken back by another one.', {
  id: Type.String(),
  idTag: Type.String(),
  month,
  wh: energyWh('Negative where it takes another grant back.'),
  at: isoTime('When it was made.'),
  by: Type.String({ description: 'Whose token it was made with.' }),
  note: nullable(Type.String({ description: 'Why.' })),
  revokes: nullable(Type.String({ description: 'The grant that this one takes back.' })),
});

export const GrantsPage = page('Grants', Grant);

export type MonthUsage = Static<typeof MonthUsage>;
const MonthUsage = named('MonthUsage', 'What a card has used of one month.', {
  month,
  usedWh: energyWh('Running sessions included.'),
  adjustedWh: energyWh(
    'Of usedWh: the opening balance, and what other programs changed; may be negative. The rest are sessions.',
  ),
  grantedWh: energyWh('Extra of this month.'),
});

export const MonthUsagePage = page('MonthUsage', MonthUsage);

export type TagUsage = Static<typeof TagUsage>;
const TagUsage = named('TagUsage', 'What a card has used of a month.', {
  idTag: Type.String(),
  name: Type.String({ description: 'Name and surname.' }),
  account: nullable(Type.String({ description: 'Whose quota it shares; null: none.' })),
  isKnown: Type.Boolean({ description: 'Whether users1.csv has the card.' }),
  quotaWh: nullable(energyWh('As users1.csv has it now; null: unlimited, or not known.')),
  usedWh: energyWh('Running sessions included.'),
  grantedWh: energyWh('Extra of this month.'),
  leftWh,
  running,
});

export const TagUsagePage = page('TagUsage', TagUsage);

export type AccountUsage = Static<typeof AccountUsage>;
const AccountUsage = named('AccountUsage', 'What the cards that share a quota have used of a month.', {
  key: Type.String({ description: '`account:NAME`, or `tag:ID_TAG` for a card with a quota of its own.' }),
  account: nullable(Type.String({ description: 'Null: one card with a quota of its own.' })),
  idTags: Type.Array(Type.String()),
  quotaWh: nullable(energyWh('The largest of its rows; null: unlimited.')),
  usedWh: energyWh('Running sessions included.'),
  grantedWh: energyWh('Extra of this month.'),
  leftWh,
  running,
});

export const AccountUsagePage = page('AccountUsage', AccountUsage);

export type UnknownTag = Static<typeof UnknownTag>;
export const UnknownTag = named('UnknownTag', 'A card that was refused because nobody knows it.', {
  idTag: Type.String(),
  chargerId: Type.String({ description: 'Where it was shown last.' }),
  firstSeenAt: isoTime('Since kwota runs.'),
  lastSeenAt: isoTime('When it was shown last.'),
  count: Type.Integer(),
  suggestions: Type.Array(Type.Object({ idTag: Type.String(), likeness: Type.String() }), {
    description: 'Users whose card it may be in another spelling.',
  }),
});

export const UnknownTagsPage = page('UnknownTags', UnknownTag);

const cardWanted = {
  chargerId: Type.Optional(Type.String({ description: 'Only a card shown there; else at any charger.' })),
  waitSeconds: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAX_ENROLMENT_SECONDS,
      default: 60,
      description: 'How long to wait for a card.',
    }),
  ),
};

export const CardWanted = named('CardWanted', 'Which card is waited for.', cardWanted);

export type Enrolment = Static<typeof Enrolment>;
export const Enrolment = named('Enrolment', 'The user that the next unknown card becomes.', {
  ...optionalFields,
  ...cardWanted,
});
