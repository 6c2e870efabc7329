// The text that Prometheus reads: names, types, labels, cumulative buckets, and text from outside made harmless.
import t from 'tap';
import { createExposition, type Metric } from './exposition.ts';
import { Histogram } from './histogram.ts';

const linesOf = (text: string, name: string) =>
  text.split('\n').filter((line) => line.includes(name) && !line.startsWith('# HELP'));

void t.test(
  'numbers and times are told with their labels, as they are when they are asked for',
  async (t) => {
    let chargers = 1;
    const took = new Histogram();
    const metrics: Metric[] = [
      { name: 'kwota_chargers', help: 'Chargers.', type: 'gauge', read: () => [[{}, chargers]] },
      {
        ...{ name: 'kwota_errors_total', help: 'Errors.', type: 'counter' },
        read: () => [[{ action: 'a"b\\c\nd' }, 2]],
      },
      { name: 'kwota_x_seconds', help: 'Times.', type: 'histogram', read: () => [[{ action: 'X' }, took]] },
    ];
    const text = createExposition(metrics);
    t.same(linesOf(await text(), 'kwota_chargers'), ['# TYPE kwota_chargers gauge', 'kwota_chargers 1']);
    chargers = 7;
    for (const ms of [0.5, 1, 20, 250_000]) took.observe(ms);
    const shown = await text();
    t.same(linesOf(shown, 'kwota_chargers'), ['# TYPE kwota_chargers gauge', 'kwota_chargers 7']);
    t.match(shown, '# HELP kwota_errors_total Errors.');
    t.match(shown, String.raw`kwota_errors_total{action="a\"b\\c\nd"} 2`);
    const times = linesOf(shown, 'kwota_x_seconds');
    t.equal(times[0], '# TYPE kwota_x_seconds histogram');
    const at = (le: string) => times.find((line) => line.includes(`le="${le}"`))?.replace(/.* /, '');
    t.same(['0.000464', '0.001', '0.0215', '100', '+Inf'].map(at), ['0', '2', '3', '3', '4']);
    t.ok(times.includes('kwota_x_seconds_sum{action="X"} 250.0215'));
    t.ok(times.includes('kwota_x_seconds_count{action="X"} 4'));
  },
);

void t.test('what the process and the runtime are doing is told as well', async (t) => {
  const text = await createExposition([])();
  t.match(text, /^process_cpu_seconds_total \d/m);
  t.match(text, /^nodejs_version_info\{version="v24/m);
});
