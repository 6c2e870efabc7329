// A recording of two months, replayed: every Wh is where the charger put it, and the same text comes out each time.
import t from 'tap';
import { reportText } from '../bin/replay-text.ts';
import { readRecording, recordingText } from '../src/recording.ts';
import { replay } from '../src/replay.ts';
import { generateRecording } from './kit/generated-recording.ts';

const DAYS = 61;

t.setTimeout(240_000);

void t.test('a long recording comes to what its ledger says, to the byte the same each time', async (t) => {
  const generated = generateRecording(1, DAYS);
  const recording = readRecording(recordingText(generated.header, generated.lines), 'long.jsonl');
  const beganMs = performance.now();
  const report = await replay(recording);
  const seconds = (performance.now() - beganMs) / 1000;
  const { lines, messages, unreadable } = report.recording;
  t.comment(`${lines} lines, ${messages} messages, ${Math.round(messages / seconds)} messages/s`);
  t.ok(messages >= 20_000, 'it is long');
  t.equal(unreadable, generated.unreadable);
  t.strictSame(
    Object.fromEntries(report.energy.map(({ month, idTag, wh }) => [`${month} ${idTag}`, wh])),
    Object.fromEntries([...generated.ledger].sort(([a], [b]) => (a < b ? -1 : 1))),
  );
  t.equal(report.sessions.length, generated.charges);
  t.ok(
    report.sessions.every(({ transactionId }) => transactionId > 178_800_000),
    'each with the id that the recorded server gave it',
  );
  t.ok(
    report.calls.some(({ answer, times }) => answer === 'not answered' && times > 1),
    'a used up quota is held against a charger that does not listen',
  );
  t.ok(report.otherAnswers.some(({ replayed }) => replayed === 'Blocked'));
  const again = await replay(recording);
  t.equal(JSON.stringify(again), JSON.stringify(report));
  t.equal(reportText(again), reportText(report));
});
