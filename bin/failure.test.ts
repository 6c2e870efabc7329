// What people read when a command fails: one line a problem, with a hint where there is one, a stack only when asked for.
import t from 'tap';
import { isPrintable } from '../src/runtime/printable.ts';
import { describeFailure } from './failure.ts';

function withHint(message: string, hint: unknown): Error {
  return Object.assign(new Error(message), { hint });
}

void t.test('a failure is one line that names the program', (t) => {
  t.equal(describeFailure(new Error('the disk is full'), false), 'kwota: the disk is full\n');
  t.end();
});

void t.test('a hint follows what happened', (t) => {
  const error = withHint('port 9000 is in use by another program', 'set ocpp.port or --ocpp-port');
  t.equal(
    describeFailure(error, false),
    'kwota: port 9000 is in use by another program; set ocpp.port or --ocpp-port\n',
  );
  t.equal(describeFailure(withHint('odd', 5), false), 'kwota: odd\n', 'only text is a hint');
  t.end();
});

void t.test('several problems are a line each', (t) => {
  t.equal(describeFailure(new Error('first\nsecond'), false), 'kwota: first\nkwota: second\n');
  t.end();
});

void t.test('what is thrown and is no error is told as well', (t) => {
  t.equal(describeFailure('just text', false), 'kwota: just text\n');
  t.equal(describeFailure(undefined, false), 'kwota: undefined\n');
  t.equal(describeFailure(null, true), 'kwota: null\n', 'it has no stack to show');
  t.equal(describeFailure({ hint: 'look there', toString: () => 'odd' }, false), 'kwota: odd; look there\n');
  t.end();
});

void t.test('where it came from is shown only when asked for, with all its causes', (t) => {
  const root = new Error('EACCES');
  const error = new Error('cannot write', { cause: new Error('no store', { cause: root }) });
  t.equal(describeFailure(error, false), 'kwota: cannot write\n');
  const [line, ...stack] = describeFailure(error, true).split('\n');
  t.equal(line, 'kwota: cannot write');
  t.equal(stack[0], 'Error: cannot write');
  t.match(stack[1], /^ +at .*failure\.test\.ts/);
  const causes = stack.filter((text) => text.startsWith('caused by '));
  t.strictSame(causes, ['caused by Error: no store', 'caused by Error: EACCES']);
  t.equal(stack.at(-1), '', 'the last line is ended');
  t.end();
});

void t.test('an error without a stack, or with a cause that is none, is no second failure', (t) => {
  const bare = new Error('bare', { cause: 'a text' });
  Reflect.deleteProperty(bare, 'stack');
  t.equal(describeFailure(bare, true), 'kwota: bare\nbare\n');
  t.end();
});

void t.test('what stands in a message from outside is shown, and not obeyed', (t) => {
  const error = Object.assign(new Error('no id: "A\u202e\u001b[2J"\nsecond'), { hint: 'B\u200b' });
  const [first, second, ...stack] = describeFailure(error, true).split('\n');
  t.equal(first, String.raw`kwota: no id: "A\u202e\u001b[2J"; B\u200b`);
  t.equal(second, String.raw`kwota: second; B\u200b`);
  t.ok(isPrintable(stack.join('')));
  t.match(stack[0], /^Error: no id/);
  t.end();
});
