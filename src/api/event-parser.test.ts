// Server-sent events out of pieces of text.
import t from 'tap';
import { EventParser } from './event-parser.ts';

const TEXT =
  ': hello\n\nevent: a\nid: r-1\ndata: {"x":1}\n\nid: r-2\n\ndata:one\ndata: two\n\nevent: c\ndata\n\n';
const EVENTS = [
  { kind: 'a', data: '{"x":1}', id: 'r-1' },
  { kind: 'message', data: 'one\ntwo', id: 'r-2' },
  { kind: 'c', data: '', id: 'r-2' },
];

void t.test('events are the same in whatever pieces and line ends they come', (t) => {
  for (const end of ['\n', '\r\n', '\r']) {
    const text = TEXT.replaceAll('\n', end);
    t.same(new EventParser().push(text), EVENTS);
    const parser = new EventParser();
    t.same(Array.from(text, (character) => parser.push(character)).flat(), EVENTS, 'one by one');
    t.equal(parser.lastEventId, 'r-2');
  }
  t.end();
});

void t.test('an event that is not complete is none yet, and the last id stays', (t) => {
  const parser = new EventParser('r-7');
  t.same(parser.push('data: x\n'), []);
  t.equal(parser.lastEventId, 'r-7');
  t.same(parser.push('\n'), [{ kind: 'message', data: 'x', id: 'r-7' }]);
  t.end();
});

void t.test('a block with an id and nothing else moves the id on', (t) => {
  const parser = new EventParser('r-7');
  t.same(parser.push(': heartbeat\nid: r-9\n\n'), []);
  t.equal(parser.lastEventId, 'r-9');
  t.end();
});

void t.test('what never ends is given up', (t) => {
  const parser = new EventParser();
  const much = 'x'.repeat(1024 * 1024);
  t.throws(() => {
    for (let i = 0; i < 5; i += 1) parser.push(`data: ${much}\n`);
  }, RangeError);
  t.end();
});
