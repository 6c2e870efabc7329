// What the lenient reader makes of requests that are not as the schema wants them.
import t from 'tap';
import { fitsResponse, MAX_ARRAY_ITEMS, MAX_NOTES, readRequest } from './lenient.ts';
import { centralSystemActions, type ChargePointAction } from './messages.ts';

const start = { connectorId: 1, idTag: 'T', meterStart: 5, timestamp: '2026-11-30T12:00:00Z' };
const json = (text: string): unknown => JSON.parse(text);

const table: {
  situation: string;
  action: ChargePointAction;
  payload: unknown;
  request: unknown;
  notes?: [path: string, problem: string][];
  missing?: string[];
}[] = [
  { situation: 'a request that fits', action: 'StartTransaction', payload: start, request: start },
  {
    situation: 'a null member',
    action: 'StartTransaction',
    payload: { ...start, reservationId: null },
    request: start,
  },
  {
    situation: 'an unknown member',
    action: 'StartTransaction',
    payload: { ...start, vendorExtra: { deep: [1] } },
    request: start,
  },
  {
    situation: 'an absent required member',
    action: 'Authorize',
    payload: {},
    request: {},
    missing: ['idTag'],
  },
  {
    situation: 'a required member that is null',
    action: 'Authorize',
    payload: { idTag: null },
    request: {},
    missing: ['idTag'],
  },
  {
    situation: 'a number as a string',
    action: 'StartTransaction',
    payload: { ...start, connectorId: ' 1 ', meterStart: '5.0' },
    request: start,
    notes: [
      ['connectorId', 'converted'],
      ['meterStart', 'converted'],
    ],
  },
  {
    situation: 'a string as a number',
    action: 'Authorize',
    payload: { idTag: 12345678 },
    request: { idTag: '12345678' },
    notes: [['idTag', 'converted']],
  },
  {
    situation: 'a tag of twenty digits as a number, rounded by JSON',
    action: 'Authorize',
    payload: json('{"idTag":12345678901234567890}'),
    request: {},
    notes: [['idTag', 'unsafeInteger']],
    missing: ['idTag'],
  },
  {
    situation: 'a tag that is an object',
    action: 'Authorize',
    payload: { idTag: { idToken: 'T' } },
    request: {},
    notes: [['idTag', 'notString']],
    missing: ['idTag'],
  },
  {
    situation: 'an over-long serial and an empty vendor',
    action: 'BootNotification',
    payload: { chargePointVendor: '', chargePointModel: 'M', chargePointSerialNumber: 'x'.repeat(60) },
    request: { chargePointVendor: '', chargePointModel: 'M', chargePointSerialNumber: 'x'.repeat(60) },
  },
  {
    situation: 'an enum value of OCPP 1.5',
    action: 'StatusNotification',
    payload: { connectorId: 1, status: 'Occupied', errorCode: 'Error' },
    request: { connectorId: 1, status: 'Occupied', errorCode: 'Error' },
  },
  {
    situation: 'a transaction id of 64 bits',
    action: 'MeterValues',
    payload: json('{"connectorId":1,"transactionId":9223372036854775807,"meterValue":[]}'),
    request: { connectorId: 1, meterValue: [] },
    notes: [['transactionId', 'unsafeInteger']],
  },
  {
    situation: 'a register with a fraction, which is energy',
    action: 'StopTransaction',
    payload: { transactionId: 1, meterStop: 26008.333, timestamp: 'x' },
    request: { transactionId: 1, meterStop: 26008.333, timestamp: 'x' },
    notes: [['meterStop', 'fraction']],
  },
  {
    situation: 'a connector with a fraction',
    action: 'StartTransaction',
    payload: { ...start, connectorId: 1.5 },
    request: { idTag: 'T', meterStart: 5, timestamp: '2026-11-30T12:00:00Z' },
    notes: [['connectorId', 'notInteger']],
    missing: ['connectorId'],
  },
  {
    situation: 'a single meterValue that is no array, with numbers as values',
    action: 'MeterValues',
    payload: { connectorId: 1, meterValue: { timestamp: 'x', sampledValue: { value: 604.213 } } },
    request: { connectorId: 1, meterValue: [{ timestamp: 'x', sampledValue: [{ value: '604.213' }] }] },
    notes: [
      ['meterValue[0].sampledValue[0].value', 'converted'],
      ['meterValue[0].sampledValue', 'converted'],
      ['meterValue', 'converted'],
    ],
  },
  {
    situation: 'a sample without its parts beside a good one',
    action: 'MeterValues',
    payload: {
      connectorId: 1,
      meterValue: [null, 5, { sampledValue: [{ value: '7' }, { value: null, unit: 'Wh' }] }],
    },
    request: { connectorId: 1, meterValue: [{ sampledValue: [{ value: '7' }, { unit: 'Wh' }] }] },
    notes: [['meterValue[1]', 'notObject']],
    missing: ['meterValue[2].sampledValue[1].value', 'meterValue[2].timestamp'],
  },
  {
    situation: 'members named to pollute prototypes',
    action: 'Authorize',
    payload: json('{"idTag":"T","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'),
    request: { idTag: 'T' },
  },
  {
    situation: 'a payload that is an array',
    action: 'StopTransaction',
    payload: [1],
    request: {},
    missing: ['meterStop', 'timestamp', 'transactionId'],
  },
];

for (const { situation, action, payload, request, notes = [], missing = [] } of table) {
  t.test(`${situation} is read as meant`, (t) => {
    const read = readRequest(action, payload);
    t.strictSame(read.request, request);
    t.strictSame(
      read.notes,
      notes.map(([path, problem]) => ({ path, problem })),
    );
    t.strictSame([...read.missing].sort(), [...missing].sort());
    t.equal(({} as Record<string, unknown>)['polluted'], undefined);
    t.end();
  });
}

for (const notANumber of [
  '',
  ' ',
  'NaN',
  'Infinity',
  '0x10',
  '1,234',
  '12 Wh',
  '1e999',
  true,
  [],
  {},
  '1'.repeat(50),
]) {
  t.test(`${JSON.stringify(notANumber)} is no register`, (t) => {
    const read = readRequest('StartTransaction', { ...start, meterStart: notANumber });
    t.equal(read.request.meterStart, undefined);
    t.strictSame(read.missing, ['meterStart']);
    t.equal(read.notes[0]?.path, 'meterStart');
    t.end();
  });
}

t.test('a request that fits is handed on without a copy', (t) => {
  t.equal(readRequest('StartTransaction', start).request, start);
  t.end();
});

t.test('of too many meter values the newest are kept, and the notes are bounded', (t) => {
  const meterValue = Array.from({ length: MAX_ARRAY_ITEMS + 1 }, (_, index) => ({
    timestamp: index,
    sampledValue: [],
  }));
  const { request, notes } = readRequest('MeterValues', { connectorId: 1, meterValue });
  t.equal(request.meterValue?.length, MAX_ARRAY_ITEMS);
  t.equal(request.meterValue?.at(-1)?.timestamp, String(MAX_ARRAY_ITEMS));
  t.strictSame(notes[0], { path: 'meterValue', problem: 'tooMany' });
  t.equal(notes.length, MAX_NOTES);
  t.end();
});

t.test('an answer fits its CALL when its members do, whatever the CALL was', (t) => {
  for (const action of centralSystemActions) t.notOk(fitsResponse(action, { no: 'such member' }), action);
  t.ok(fitsResponse('RemoteStopTransaction', { status: 'Accepted' }));
  t.notOk(fitsResponse('RemoteStopTransaction', {}), 'the status is missing');
  t.notOk(fitsResponse('RemoteStopTransaction', { status: 7 }));
  t.ok(fitsResponse('GetConfiguration', { configurationKey: [{ key: 'k', readonly: true, value: 'v' }] }));
  t.ok(fitsResponse('UpdateFirmware', {}));
  t.end();
});
