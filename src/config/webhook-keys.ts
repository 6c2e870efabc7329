// The keys of an item of alarms.webhooks: where alarms are told to other programs.
import { key, optionalKey, type Keys } from './key.ts';
import { httpUrl, list, NONE, oneOf, orNone, pairs, secret, text } from './kind.ts';

const SECRET_MIN_LENGTH = 16;
const SECRET_MAX_LENGTH = 200;
const MAX_HEADERS = 20;

export const webhookKeys = {
  name: optionalKey(text(64), 'on-call', 'Names it in the log and for kwota webhooks.'),
  url: optionalKey(
    httpUrl(),
    'https://hooks.example.com/kwota',
    'Where alarms are sent to, with POST. No redirect is followed.',
  ),
  secret: key(
    orNone(secret(SECRET_MIN_LENGTH, SECRET_MAX_LENGTH)),
    NONE,
    'What signs each request, or the variable that holds it, such as ${WEBHOOK_SECRET}; with none they are not signed.',
  ),
  headers: key(pairs(MAX_HEADERS), {}, 'Further headers of each request.'),
  events: key(
    list(oneOf('began', 'changed', 'over'), 3),
    ['began', 'over'],
    'What is told of an alarm: that it began, that it says something else, that it is over.',
  ),
} satisfies Keys;
