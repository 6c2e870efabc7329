// Quirks of connections, frames, members and clocks. A table only; who recognises them is elsewhere.

export const messageQuirks = {
  'no-subprotocol': {
    what: 'It asks for a WebSocket without naming a subprotocol.',
    handling: 'It is connected as OCPP 1.6.',
    billing: 'low',
  },
  'odd-subprotocol': {
    what: 'It asks for a subprotocol that is not spelt ocpp1.6, or for another version only.',
    handling: 'It is connected as OCPP 1.6; its own spelling is confirmed, another version never.',
    billing: 'low',
  },
  'odd-path': {
    what: 'It asks for a path with doubled or trailing slashes, a query or blanks around its id.',
    handling: 'The id is what is left without them.',
    billing: 'low',
  },
  'id-in-other-case': {
    what: 'It writes its id in upper or lower case by turns.',
    handling: 'It is the charger that is known already, whatever the case.',
    billing: 'medium',
  },
  'replaced-connection': {
    what: 'It connects while an older connection of its own seems open; or another charger has its id.',
    handling: 'The newest connection counts, what the older one had sent is handled first.',
    billing: 'medium',
  },
  'falls-silent': {
    what: 'Its connection falls silent without being closed.',
    handling: 'The connection is cut, and the session waits for it to come back.',
    billing: 'medium',
  },
  'does-not-answer': {
    what: 'It does not answer what it is asked.',
    handling: 'After callTimeout the next call follows; a stop for the quota is asked for again.',
    billing: 'high',
  },
  'no-boot-on-connect': {
    what: 'It goes on after connecting without a BootNotification.',
    handling: 'It is served at once, as what its last boot said it is.',
    billing: 'medium',
  },
  'repeated-boot': {
    what: 'It sends BootNotification again on one connection.',
    handling: 'It is accepted again; a boot ends no session.',
    billing: 'low',
  },
  'boot-of-2x': {
    what: 'It sends the BootNotification of OCPP 2.x over a connection of 1.6.',
    handling: 'The boot is read; switch the charger to OCPP 1.6J for the rest.',
    billing: 'high',
  },
  'latin1-text': {
    what: 'It sends text that is not UTF-8.',
    handling: 'It is read as Latin-1.',
    billing: 'low',
  },
  'binary-frames': {
    what: 'It sends its messages in binary frames.',
    handling: 'They are read as text.',
    billing: 'low',
  },
  'keepalive-text': {
    what: 'It sends empty text or the word ping or pong as a sign of life.',
    handling: 'It counts as one, and is not answered.',
    billing: 'low',
  },
  'broken-json': {
    what: 'It sends broken JSON: NULs, trailing commas, missing values, words that are no JSON.',
    handling: 'It is mended where that changes no value.',
    billing: 'medium',
  },
  'cut-off-message': {
    what: 'It sends messages that end in the middle.',
    handling: 'Of a StartTransaction or StopTransaction counts what can be found; others are refused.',
    billing: 'high',
  },
  'joined-messages': {
    what: 'It sends several messages in one frame.',
    handling: 'Each is handled, in their order.',
    billing: 'low',
  },
  'unreadable-message': {
    what: 'It sends what is no message of OCPP.',
    handling: 'It is refused where it has an id to answer to, and logged.',
    billing: 'medium',
  },
  'odd-message-id': {
    what: 'Its message ids are JSON numbers, empty, or longer than 36 characters.',
    handling: 'They are echoed as they came.',
    billing: 'low',
  },
  'unknown-action': {
    what: 'It sends actions that OCPP 1.6 does not have, or not from a charger.',
    handling: 'They are refused; when it repeats them for that, with an empty answer.',
    billing: 'low',
  },
  'missing-members': {
    what: 'It leaves out what a message must have.',
    handling: 'Of a transaction message the rest counts; other messages may be refused.',
    billing: 'medium',
  },
  'wrong-json-type': {
    what: 'It sends numbers as text, text as numbers, fractions of Wh, or one object where a list belongs.',
    handling: 'They are read as what they mean.',
    billing: 'low',
  },
  'unreadable-member': {
    what: 'It sends members that nothing can be made of.',
    handling: 'They are left out, the rest counts.',
    billing: 'medium',
  },
  'over-long-text': {
    what: 'It sends serial numbers, tags or other text longer than OCPP allows.',
    handling: 'It is taken as it is.',
    billing: 'low',
  },
  'unknown-word': {
    what: 'It sends statuses, error codes or reasons that OCPP 1.6 does not have.',
    handling: 'They are kept as they are spelt, and decide nothing.',
    billing: 'low',
  },
  'unusable-transaction-id': {
    what: 'It sends 0, a negative or too large a number as a transaction id.',
    handling: 'Connector, card and register decide which session is meant.',
    billing: 'high',
  },
  'connector-0': {
    what: 'It sends transactions of connector 0, or of a negative one.',
    handling:
      'Where it has one connector, that is meant; else 0 is the main meter, which nobody is billed by.',
    billing: 'high',
  },
  'clock-skew': {
    what: 'Its clock is off by whole half hours, as with local time labelled UTC.',
    handling: 'Learned from live messages; its times are corrected by that.',
    billing: 'medium',
  },
  'clock-not-set': {
    what: 'It sends times before 2020, as with a clock that was never set.',
    handling: 'The time and order of arrival count.',
    billing: 'medium',
  },
  'clock-ahead': {
    what: 'It sends times more than ten minutes ahead.',
    handling: 'The time of arrival counts.',
    billing: 'medium',
  },
  'unreadable-timestamp': {
    what: 'It sends times that cannot be read.',
    handling: 'The time of arrival counts.',
    billing: 'medium',
  },
  'no-timestamp': {
    what: 'It leaves out the time of transactions or samples.',
    handling: 'The time of arrival counts.',
    billing: 'medium',
  },
} as const;
