// How chargers are let in, as the API tells and takes it: approval, passwords, how a connection is secured.
import Type, { type Static } from 'typebox';
import { named, nullable, words } from './schema.ts';

export const admission = words(
  ['accepted', 'new', 'pending'],
  'accepted: one of the site’s; new: let in, nobody has approved it yet; pending: waits for that.',
);

const ConnectionSecurity = named('ConnectionSecurity', 'How a connection is secured.', {
  isEncrypted: Type.Boolean({ description: 'wss://, not ws://.' }),
  authenticatedBy: words(['nothing', 'password', 'certificate'], 'What the charger has shown.'),
});

export const security = nullable(ConnectionSecurity);

export const passwordState = words(
  ['none', 'kept', 'changing'],
  'The password that kwota keeps itself, not that of config.yaml; changing: a new one was sent and not used yet.',
);

export type Approval = Static<typeof Approval>;
export const Approval = named('Approval', 'Whom to let in.', {
  inAdvance: Type.Optional(
    Type.Boolean({
      description: 'Also a charger that has never connected; without it the id has to be known.',
    }),
  ),
});

export type ApprovedCharger = Static<typeof ApprovedCharger>;
export const ApprovedCharger = named('ApprovedCharger', 'A charger that is one of the site’s.', {
  id: Type.String({ description: 'As it is known; it may have been asked for in another case.' }),
  admission: words(['accepted'], 'It may connect under any rule for unknown chargers.'),
});

export type NewPassword = Static<typeof NewPassword>;
export const NewPassword = named('NewPassword', 'What a charger shows from now on.', {
  password: Type.String({
    pattern: '^[\\x21-\\x7e]{8,200}$',
    description: 'Its AuthorizationKey, as text or in hexadecimal: letters, digits and signs without blanks.',
    examples: ['correct-horse-battery'],
  }),
});

export type PasswordRotation = Static<typeof PasswordRotation>;
export const PasswordRotation = named('PasswordRotation', 'What the charger said to a new password.', {
  status: Type.String({
    description:
      'ConfigurationStatus. Accepted, RebootRequired: the old password counts until the new one is used.',
  }),
});
