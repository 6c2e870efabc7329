// Every message a charge point may send gets a legal answer, whatever is in it; transaction messages are never refused, and repeating one changes nothing.
import t from 'tap';
import {
  chargePointActions,
  schemaOf,
  type ChargePointAction,
  type RequestOf,
} from '../src/ocpp/v16/messages.ts';
import { strictErrors } from '../src/ocpp/v16/strict.ts';
import { ChargePoint, registerSample } from './kit/charge-point.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { whByDay } from './kit/data-folder.ts';
import { startKwota, type KwotaProcess } from './kit/kwota-process.ts';
import { RawSocket } from './kit/raw-socket.ts';
import { readRunningStore } from './kit/stored-truth.ts';

t.setTimeout(300_000);

const USERS = 'id_tag,quota_kwh,unlimited\nTAG1,0,TRUE\nTAG2,0,FALSE\n';
const timestamp = '2026-01-20T10:00:00Z';

/** Table 7 of OCPP-J 1.6, misspelling included. */
const CODES = new Set([
  'NotImplemented',
  'NotSupported',
  'InternalError',
  'ProtocolError',
  'SecurityError',
  'FormationViolation',
  'PropertyConstraintViolation',
  'OccurenceConstraintViolation',
  'TypeConstraintViolation',
  'GenericError',
]);

const TRANSACTION_ACTIONS: ReadonlySet<string> = new Set([
  'StartTransaction',
  'StopTransaction',
  'MeterValues',
]);

const meterValue: RequestOf<'MeterValues'>['meterValue'] = [
  {
    timestamp,
    sampledValue: [
      { value: '1200', context: 'Sample.Periodic', measurand: 'Energy.Active.Import.Register', unit: 'Wh' },
      {
        value: '7200.5',
        measurand: 'Power.Active.Import',
        unit: 'W',
        phase: 'L1',
        location: 'Outlet',
        format: 'Raw',
      },
    ],
  },
];

const SENSIBLE: { readonly [A in ChargePointAction]: readonly RequestOf<A>[] } = {
  Authorize: [{ idTag: 'TAG1' }, { idTag: 'TAG2' }, { idTag: 'NOBODY' }],
  BootNotification: [
    { chargePointVendor: 'V', chargePointModel: 'M' },
    {
      chargePointVendor: 'V',
      chargePointModel: 'M',
      chargePointSerialNumber: '1',
      chargeBoxSerialNumber: '2',
      firmwareVersion: '3',
      iccid: '4',
      imsi: '5',
      meterType: '6',
      meterSerialNumber: '7',
    },
  ],
  DataTransfer: [{ vendorId: 'V' }, { vendorId: 'V', messageId: 'M', data: '{}' }],
  DiagnosticsStatusNotification: [{ status: 'Uploading' }],
  FirmwareStatusNotification: [{ status: 'Installed' }],
  Heartbeat: [{}],
  LogStatusNotification: [{ status: 'Uploaded' }, { status: 'Idle', requestId: 7 }],
  MeterValues: [
    { connectorId: 1, meterValue },
    { connectorId: 1, transactionId: 999_999, meterValue },
  ],
  SecurityEventNotification: [{ type: 'InvalidMessages', timestamp, techInfo: 'x' }],
  SignCertificate: [{ csr: '-----BEGIN CERTIFICATE REQUEST-----' }],
  SignedFirmwareStatusNotification: [{ status: 'Downloaded', requestId: 1 }],
  StartTransaction: [
    { connectorId: 1, idTag: 'TAG1', meterStart: 0, timestamp },
    { connectorId: 2, idTag: 'TAG2', meterStart: 0, timestamp, reservationId: 3 },
    { connectorId: 3, idTag: 'NOBODY', meterStart: 0, timestamp },
  ],
  StatusNotification: [
    { connectorId: 1, errorCode: 'NoError', status: 'Charging' },
    {
      connectorId: 0,
      errorCode: 'OtherError',
      status: 'Faulted',
      info: 'i',
      vendorId: 'v',
      vendorErrorCode: 'e',
      timestamp,
    },
  ],
  StopTransaction: [
    { transactionId: 999_999, meterStop: 1_500, timestamp },
    {
      transactionId: 999_998,
      meterStop: 1,
      timestamp,
      idTag: 'TAG1',
      reason: 'EVDisconnected',
      transactionData: meterValue,
    },
  ],
};

const JUNK_PAYLOADS = ['null', '[]', '[1]', '"text"', '7', 'true', '{"":{}}', '{"__proto__":{"x":1}}'];
const JUNK_VALUES = [
  'null',
  '{}',
  '[[]]',
  'true',
  '-1',
  '0.5',
  '"1"',
  '""',
  '1e308',
  '9223372036854775807',
  '"\\u0000\\ud800"',
  JSON.stringify('x'.repeat(5_000)),
];

/** The sensible payload with one member after the other replaced by junk, or left out. */
function spoiled(action: ChargePointAction): string[] {
  const whole: Readonly<Record<string, unknown>> = { ...SENSIBLE[action].at(-1) };
  const members = Object.keys(schemaOf(action, 'request').properties ?? {});
  return members.flatMap((member) => {
    const others = Object.entries(whole).filter(([name]) => name !== member);
    const rest = others.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
    const withJunk = JUNK_VALUES.map((junk) => `{${[...rest, `"${member}":${junk}`].join(',')}}`);
    return [...withJunk, `{${rest.join(',')}}`];
  });
}

/** What is wrong with an answer; null when it is legal. */
function illegal(
  action: ChargePointAction,
  payload: string | undefined,
  answer: readonly unknown[],
): string | null {
  const said = `${action} ${(payload ?? 'without payload').slice(0, 200)} → ${JSON.stringify(answer)}`;
  if (answer[0] === 3) {
    const errors = strictErrors(action, 'response', answer[2]);
    return answer.length === 3 && errors.length === 0 ? null : `${said}: ${errors.join('; ')}`;
  }
  const [type, , code, description, details] = answer;
  const isLegal = type === 4 && answer.length === 5 && CODES.has(code as string);
  const isWhole = typeof description === 'string' && description.length <= 255 && typeof details === 'object';
  const isDeserved =
    strictErrors(action, 'request', payload === undefined ? {} : JSON.parse(payload)).length > 0;
  const isRight = code !== 'InternalError' && isDeserved && !TRANSACTION_ACTIONS.has(action);
  return isLegal && isWhole && isRight ? null : said;
}

t.test('whatever a charge point sends', async (t) => {
  const kwota = await startKwota({ dataDir: makeDataDir(t, { 'users1.csv': USERS }) });
  t.teardown(() => kwota.kill());
  for (const action of chargePointActions) {
    t.test(`${action} is answered by the letter`, async (t) => {
      const socket = await RawSocket.connect(kwota.ocppUrl, `CP-${action}`);
      t.teardown(() => socket.terminate());
      for (const request of SENSIBLE[action]) {
        t.same(strictErrors(action, 'request', request), [], 'a legal request');
        const answer = await socket.ask(action, JSON.stringify(request));
        t.same([answer[0], strictErrors(action, 'response', answer[2])], [3, []], JSON.stringify(answer));
      }
      const asked = [undefined, '{}', ...JUNK_PAYLOADS, ...spoiled(action)];
      const wrong: string[] = [];
      for (const payload of asked) {
        const problem = illegal(action, payload, await socket.ask(action, payload));
        if (problem !== null) wrong.push(problem);
      }
      t.same(wrong, [], `${asked.length} odd payloads`);
      const [type] = await socket.ask('Heartbeat', '{}');
      t.equal(type, 3, 'and the connection lives');
    });
  }
  await Promise.resolve();
});

t.test('a transaction message that breaks off is answered too', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  const kwota = await startKwota({ dataDir });
  t.teardown(() => kwota.kill());
  const socket = await RawSocket.connect(kwota.ocppUrl, 'CP1');
  t.teardown(() => socket.terminate());
  socket.send(
    `[2,"s1","StartTransaction",{"connectorId":1,"idTag":"TAG1","meterStart":1000,"timestamp":"${timestamp}","re`,
  );
  const [type, , answer] = await socket.answerTo('s1');
  t.same([type, strictErrors('StartTransaction', 'response', answer)], [3, []]);
  const { transactionId } = answer as { transactionId: number };
  socket.send(
    `[2,"s2","StopTransaction",{"transactionId":${transactionId},"meterStop":1750,"timestamp":"2026-01-20T10:30:00Z","tra`,
  );
  t.same(await socket.answerTo('s2'), [3, 's2', {}]);
  const { sessions } = readRunningStore(dataDir);
  t.match(sessions, [{ idTag: 'TAG1', transactionId, end: { evidence: 'meterStop' } }]);
  t.same(whByDay(sessions, 'TAG1'), { '2026-01-20': 750 }, 'its energy is booked');
});

t.test('a repeated start or stop gets the same answer, also after a crash, and counts once', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  let kwota: KwotaProcess = await startKwota({ dataDir });
  t.teardown(() => kwota.kill());
  let charger = await ChargePoint.connect(kwota.ocppUrl, 'CP1');
  const start = { connectorId: 1, idTag: 'TAG1', meterStart: 5_000, timestamp };
  const refused = { connectorId: 2, idTag: 'TAG2', meterStart: 0, timestamp };
  const first = await charger.call('StartTransaction', start);
  const blocked = await charger.call('StartTransaction', refused);
  const { transactionId } = first;
  t.match(first, { idTagInfo: { status: 'Accepted' } });
  t.match(blocked, { idTagInfo: { status: 'Blocked' } });
  t.not(blocked['transactionId'], transactionId, 'a refused start has an id of its own');
  const repeat = async () => {
    t.same(await charger.call('StartTransaction', start), first);
    t.same(await charger.call('StartTransaction', refused), blocked);
  };
  const crash = async () => {
    await kwota.kill();
    kwota = await startKwota({ dataDir });
    charger = await ChargePoint.connect(kwota.ocppUrl, 'CP1');
  };
  await repeat();
  const values = {
    connectorId: 1,
    transactionId,
    meterValue: [registerSample(5_400, new Date('2026-01-20T10:10:00Z'))],
  };
  t.same(await charger.call('MeterValues', values), {});
  await repeat();
  await crash();
  await repeat();
  t.same(await charger.call('MeterValues', values), {});
  const stop = { transactionId, meterStop: 6_000, timestamp: '2026-01-20T11:00:00Z', idTag: 'TAG1' };
  t.same(await charger.call('StopTransaction', stop), {});
  t.same(await charger.call('StopTransaction', stop), {});
  await crash();
  t.same(await charger.call('StopTransaction', stop), {});
  t.same(await charger.call('MeterValues', values), {}, 'a late repetition of a sample as well');
  await repeat();
  const { sessions } = readRunningStore(dataDir);
  t.equal(sessions.length, 2, 'two sessions, whatever was repeated');
  t.same(whByDay(sessions, 'TAG1'), { '2026-01-20': 1_000 });
  const next = await charger.call('StartTransaction', {
    ...start,
    timestamp: '2026-01-20T12:00:00Z',
    meterStart: 6_000,
  });
  t.notOk(
    [transactionId, blocked['transactionId']].includes(next['transactionId']),
    'a new start is a new one',
  );
});
