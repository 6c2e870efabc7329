// Frames as people read them: named, paired with what they answer, and readable whatever came over the wire.
import t from 'tap';
import type { TracedLine } from '../../src/api/contract/chargers.ts';
import { frameTexts } from './frame-text.ts';
import { meterValuesText } from './meter-values-text.ts';

let seq = 0;
const traced = (kind: TracedLine['kind'], text: string, ms = 0): TracedLine => {
  seq += 1;
  return { seq, kind, text, at: new Date(1_000_000 + ms).toISOString() };
};
const told = (lines: readonly TracedLine[]) =>
  frameTexts(lines).map(({ name, content }) => `${name}: ${content}`.trimEnd());

t.test('an answer has the name of what it answers, and how long it took', (t) => {
  const lines = [
    traced('out', '[2,"k1","Reset",{"type":"Soft"}]'),
    traced('in', '[2,"c1","Heartbeat",{}]', 10),
    traced('out', '[3,"c1",{"currentTime":"2026-11-22T13:32:07Z"}]', 12),
    traced('in', '[3,"k1",{"status":"Accepted"}]', 61),
    traced('in', '[4,"k9","GenericError","no idea",{}]', 70),
    traced('in', '[3,"k7",{}]', 80),
  ];
  t.same(told(lines), [
    'Reset: type:Soft',
    'Heartbeat:',
    'Heartbeat.conf: currentTime:2026-11-22T13:32:07Z   2 ms',
    'Reset.conf: status:Accepted   61 ms',
    'answer: GenericError no idea',
    'answer:',
  ]);
  t.end();
});

t.test('what is no frame is shown as it came, and a connection as what happened', (t) => {
  const lines = [
    traced('connected', 'from 192.0.2.4'),
    traced('in', 'hello'),
    traced('in', '{"a":1}'),
    traced('in', '[2]'),
    traced('in', '[2,5,7]'),
    traced('disconnected', '1006'),
  ];
  t.same(told(lines), [
    'connected: from 192.0.2.4',
    'no frame: hello',
    'no frame: {"a":1}',
    'no frame: [2]',
    'no frame: [2,5,7]',
    'disconnected: 1006',
  ]);
  t.end();
});

t.test('samples of a meter are figures with their units', (t) => {
  const sampledValue = [
    { value: '3902' },
    { value: '7110', measurand: 'Power.Active.Import', unit: 'W' },
    { value: '230.1', measurand: 'Voltage', phase: 'L1', unit: 'V' },
    { value: '42', measurand: 'SoC' },
    { value: '50', measurand: 'Frequency' },
  ];
  t.equal(
    meterValuesText({ connectorId: 2, transactionId: 1842, meterValue: [{ sampledValue }] }),
    '#2 tx 1842  3902 Wh  7110 W  230.1 V L1  42 SoC  50 Hz',
  );
  const many = Array.from({ length: 20 }, () => ({ value: '1' }));
  t.match(meterValuesText({ meterValue: [{ sampledValue: many }] }), /^(1 Wh {2}){8}and 12 more$/);
  t.end();
});

t.test('a MeterValues of another shape is told as it is', (t) => {
  for (const odd of [null, 'x', {}, { meterValue: 5 }]) t.equal(meterValuesText(odd), null);
  t.equal(meterValuesText({ meterValue: [null, { sampledValue: 'x' }, { sampledValue: [null] }] }), 'Wh');
  t.same(told([traced('in', '[2,"a","MeterValues",{"values":1}]')]), ['MeterValues: values:1']);
  t.end();
});
