// Who may ask the API, beside its owner.
import { optionalKey, type Keys } from './key.ts';
import { oneOf, secret, text } from './kind.ts';

const TOKEN_MIN_LENGTH = 16;
const TOKEN_MAX_LENGTH = 200;

export const tokenKeys = {
  name: optionalKey(text(64), 'dashboard', 'Who uses it: what it does stands under this name in the log.'),
  role: optionalKey(
    oneOf('viewer', 'operator', 'admin'),
    'viewer',
    'viewer reads, operator also commands chargers, admin also edits users.',
  ),
  token: optionalKey(
    secret(TOKEN_MIN_LENGTH, TOKEN_MAX_LENGTH),
    '${DASHBOARD_TOKEN}',
    'The token itself, or the variable that holds it.',
  ),
} satisfies Keys;
