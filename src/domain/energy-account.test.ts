// A register read step by step: what counts as energy, what is a restart, a spike, jitter, or a message that came late.
import fc from 'fast-check';
import t from 'tap';
import { accountFrom, countSample, MAX_POWER_W, openAccount, type EnergyAccount } from './energy-account.ts';
import { totalWh } from './energy.ts';
import { closedEnergy } from './session-energy.ts';
import { createSiteCalendar } from './site-calendar.ts';

const meter = { calendar: createSiteCalendar('UTC', 1), maxPowerW: MAX_POWER_W };
const NOON = Date.UTC(2026, 10, 30, 12);
const DAY = '2026-11-30';

/** A register in Wh at a number of seconds after noon. */
type Step = readonly [wh: number, seconds: number];

const readingOf = ([wh, seconds]: Step) => ({ wh, atMs: NOON + seconds * 1000 });

/** From a first sample on. */
function account(first: Step | null, ...steps: Step[]): EnergyAccount {
  return counting(accountFrom(first ? readingOf(first) : null), ...steps);
}

/** From a meterStart on, which may be of another base than the samples. */
function started(start: Step, ...steps: Step[]): EnergyAccount {
  return counting(openAccount(readingOf(start)), ...steps);
}

function counting(opened: EnergyAccount, ...steps: Step[]): EnergyAccount {
  return steps.reduce((sum, step) => countSample(sum, readingOf(step), meter), opened);
}

function counted(first: Step | null, ...steps: Step[]): [number, string] {
  return amountOf(account(first, ...steps));
}

function amountOf({ energyByDay, flags }: Pick<EnergyAccount, 'energyByDay' | 'flags'>): [number, string] {
  return [totalWh(energyByDay), flags.join()];
}

function last(before: EnergyAccount, stop: Step): [number, string] {
  return amountOf(closedEnergy(before, readingOf(stop), meter));
}

void t.test('what a register gains is counted', (t) => {
  t.same(counted([1000, 0]), [0, '']);
  t.same(counted([1000, 0], [1100, 60], [1250, 120]), [250, '']);
  t.same(
    counted(null, [963_021, 0], [963_121, 60]),
    [100, 'baselineFromSample'],
    'without a meterStart the first sample is where it begins',
  );
  t.same(account([0, 0], [100, 60]).energyByDay, { [DAY]: 100 });
  t.end();
});

void t.test('a reading that tells nothing new changes nothing', (t) => {
  const before = account([1000, 0], [1100, 60], [1200, 120]);
  const repeat = ([wh, seconds]: Step) => countSample(before, { wh, atMs: NOON + seconds * 1000 }, meter);
  t.equal(repeat([1200, 120]), before, 'the same one');
  t.equal(repeat([1100, 60]), before, 'an earlier one');
  t.equal(repeat([1000, 0]), before, 'the first one');
  t.equal(repeat([1150, 90]), before, 'one that was overtaken');
  t.equal(repeat([1150, 120]), before, 'jitter');
  t.end();
});

void t.test('a late reading that shows more than the newest one counts: the clock was set back', (t) => {
  t.same(counted([1000, 0], [1100, 600], [1200, 300]), [200, '']);
  t.end();
});

void t.test(
  'readings of the same seconds that arrive in reversed order are no register that began anew',
  (t) => {
    t.same(counted([0, 0], [300, 105], [80, 100], [400, 110]), [400, '']);
    t.same(counted([0, 0], [300, 105], [80, 104], [400, 110]), [400, ''], 'a second apart');
    t.same(counted([9000, 0], [9500, 105], [9300, 100], [9600, 110]), [600, '']);
    t.same(counted([9000, 0], [9200, 60], [9500, 105], [9300, 105], [9600, 110]), [600, ''], 'at one moment');
    t.same(amountOf(started([0, 0], [300, 105], [80, 105], [400, 110])), [400, ''], 'the first two');
    t.same(
      counted([9000, 0], [9200, 60], [9500, 60], [100, 60], [300, 60]),
      [800, 'registerRestarted'],
      'a clock that stands still hides no register that began anew',
    );
    t.end();
  },
);

void t.test('jitter brings no older line back', (t) => {
  const steps: Step[] = [
    [9500, 60],
    [9390, 120],
    [9600, 180],
    [9550, 240],
    [9700, 300],
  ];
  t.same(counted([9450, 0], ...steps), [250, 'registerWentBack']);
  t.end();
});

void t.test(
  'a register that goes back a little jitters, one that goes back more is flagged, neither takes energy',
  (t) => {
    t.same(counted([10_000, 0], [10_500, 60], [10_400, 120], [10_600, 180]), [600, ''], '100 Wh are jitter');
    t.same(counted([10_000, 0], [10_050, 60], [9949, 120]), [50, 'registerWentBack'], '101 are not');
    t.same(counted([10_000, 0], [10_050, 60], [9900, 120], [10_100, 180]), [100, 'registerWentBack']);
    t.end();
  },
);

void t.test('a register that falls to half or less began anew, and what it shows has flowed since', (t) => {
  t.same(counted([5000, 0], [6000, 60], [0, 120], [300, 180]), [1300, 'registerRestarted']);
  t.same(counted([5000, 0], [6000, 60], [200, 120], [300, 180]), [1300, 'registerRestarted']);
  t.same(counted([5000, 0], [2500, 60]), [2500, 'registerRestarted'], 'exactly half');
  t.same(counted([5000, 0], [2501, 60]), [0, 'registerWentBack'], 'more than half');
  t.same(
    counted([9_000_000, 0], [4_000_000, 60], [4_000_100, 120]),
    [100, 'registerRestarted'],
    'more than could have flowed is where the new register begins',
  );
  t.same(
    counted([5000, 0], [6000, 60], [0, 120], [700, 180], [0, 240], [50, 300]),
    [1750, 'registerRestarted'],
    'twice',
  );
  t.end();
});

void t.test('a reading from before the register began anew, repeated late, is not counted again', (t) => {
  t.same(counted([0, 0], [5000, 60], [0, 120], [100, 180], [5000, 60], [200, 240]), [
    5200,
    'registerRestarted',
  ]);
  t.end();
});

void t.test('a spike is taken back by the reading that contradicts it', (t) => {
  t.same(counted([1000, 0], [1100, 60], [91_100, 120]), [90_100, 'implausibleJump'], 'until then it counts');
  t.same(counted([1000, 0], [1100, 60], [91_100, 120], [1200, 180]), [200, 'implausibleJump,valueTakenBack']);
  t.same(
    counted([1000, 0], [1100, 60], [1900, 120], [1200, 180]),
    [200, 'valueTakenBack'],
    'also a plausible one',
  );
  t.same(
    counted([1000, 0], [91_100, 60], [1000, 120]),
    [0, 'implausibleJump,valueTakenBack'],
    'back to where it was',
  );
  t.end();
});

void t.test('a spike over midnight is taken back from the days it was counted on', (t) => {
  const night = 12 * 3600;
  const spiked = account(
    [10_000, night - 1800],
    [14_000, night - 900],
    [14_000, night + 900],
    [10_200, night + 960],
  );
  t.match(spiked.flags, ['valueTakenBack']);
  t.same(spiked.energyByDay, { [DAY]: 130, '2026-12-01': 70 }, 'and nothing below zero is left anywhere');
  t.end();
});

void t.test('one lower value is no new beginning when the register goes on where it was', (t) => {
  t.same(counted([963_000, 0], [963_021, 60], [0, 120]), [21, 'registerRestarted']);
  t.same(counted([963_000, 0], [963_021, 60], [0, 120], [963_080, 180]), [
    80,
    'registerRestarted,valueTakenBack',
  ]);
  t.same(counted([963_000, 0], [963_021, 60], [12, 120], [12, 150], [963_080, 180]), [
    80,
    'registerRestarted,valueTakenBack',
  ]);
  t.same(
    counted([1000, 0], [0, 60], [1100, 120]),
    [1100, 'registerRestarted'],
    'not where it may have flowed',
  );
  t.end();
});

void t.test('more than 400 kW is flagged and counted all the same, with a minute of grace', (t) => {
  t.same(counted([0, 0], [13_333, 60]), [13_333, ''], '400 kW for two minutes');
  t.same(counted([0, 0], [13_334, 60]), [13_334, 'implausibleJump']);
  t.same(counted([0, 0], [6666, 0]), [6666, ''], 'at the same moment: a minute');
  t.same(counted([0, 0], [60_000, 3600]), [60_000, ''], 'after a gap');
  t.end();
});

void t.test('the first sample shows where its register stood at the start', (t) => {
  t.same(amountOf(started([1000, 0], [1100, 60])), [100, ''], 'at meterStart');
  t.same(
    amountOf(started([963_021, 0], [0, 30], [40, 60])),
    [40, ''],
    'at 0: a session register beside a lifetime one',
  );
  t.same(amountOf(started([963_021, 0], [30, 30])), [30, '']);
  t.same(
    amountOf(started([0, 0], [4_076_000, 60], [4_076_100, 120])),
    [100, 'baselineFromSample'],
    'at neither: a lifetime register beside a meterStart of 0',
  );
  t.same(amountOf(started([1000, 60], [1100, 0])), [100, ''], 'a sample stamped before the start');
  t.end();
});

void t.test('lifetime and session registers that alternate are the same energy once', (t) => {
  const steps: Step[] = [
    [100, 60],
    [5_000_000, 70],
    [200, 120],
    [5_000_100, 130],
    [300, 180],
    [5_000_200, 190],
    [400, 240],
  ];
  t.equal(totalWh(started([0, 0], ...steps).energyByDay), 400);
  t.end();
});

void t.test('samples of a register that began anew since are added when they come late', (t) => {
  const steps: Step[] = [
    [1000, 60],
    [0, 600],
    [50, 660],
  ];
  t.equal(totalWh(account([0, 0], ...steps).energyByDay), 1050);
  t.equal(totalWh(account([0, 0], ...steps, [1600, 300]).energyByDay), 1650, 'what was queued');
  t.equal(totalWh(account([0, 0], ...steps, [1600, 300], [1600, 300], [80, 700]).energyByDay), 1680, 'once');
  t.end();
});

void t.test('meterStop counts where it continues the samples', (t) => {
  const charged = started([1000, 0], [1100, 60], [1200, 120]);
  t.same(last(charged, [1260, 150]), [260, ''], 'the tail after the last sample');
  t.same(last(charged, [1200, 150]), [200, '']);
  t.same(last(charged, [1100, 150]), [200, ''], 'jitter below is none');
  t.same(last(charged, [0, 150]), [200, 'stopContradicts'], '0 takes nothing');
  t.same(last(charged, [5_001_200, 150]), [200, 'stopContradicts'], 'one of another base');
  t.same(last(charged, [21_200, 3720]), [20_200, ''], 'a gap of an hour');
  t.same(last(charged, [1260, 60]), [260, ''], 'stamped before the last sample');
  t.end();
});

void t.test(
  'meterStop of another base or unit counts as the difference to meterStart, where that fits the samples',
  (t) => {
    const session = started([4_076_000, 0], [0, 30], [22_000, 3630], [23_000, 3800]);
    t.same(
      last(session, [4_099_640, 3900]),
      [23_640, ''],
      'lifetime start and stop, floored session samples',
    );
    t.same(last(session, [4_090_000, 3900]), [23_000, 'stopContradicts'], 'too far off');
    t.same(
      last(started([0, 0], [23_000, 3630], [23_000, 3800]), [23, 3900]),
      [23_000, 'unitsDiffer'],
      'start and stop in kWh',
    );
    t.same(
      last(started([0, 0], [10, 600], [23, 3800]), [23_640, 3900]),
      [23_640, 'unitsDiffer'],
      'samples in kWh that say Wh',
    );
    t.end();
  },
);

void t.test('a lifetime that is still small is not the energy of a session whose samples began at 0', (t) => {
  const session = started([50_000, 0], [300, 600], [600, 1200]);
  t.same(last(session, [50_900, 1800]), [900, ''], 'the tail after the last sample');
  t.same(last(session, [55_000, 1800]), [5000, ''], 'also a long one');
  t.same(last(session, [50_600, 1800]), [600, '']);
  t.same(last(started([50_000, 0], [23_000, 3800]), [72_500, 3900]), [23_000, ''], 'in coarse steps');
  t.same(last(started([50_000, 0], [50, 600], [52, 3600]), [52_000, 3900]), [2000, ''], 'samples in kWh');
  t.same(last(session, [900, 1800]), [900, ''], 'meterStop of the session as well');
  t.same(last(started([8000, 0], [7000, 1200]), [9000, 1800]), [9000, ''], 'which may end above meterStart');
  t.same(
    last(started([2259, 0], [300, 1800]), [2900, 5400]),
    [2900, ''],
    'or have begun anew before a sample',
  );
  t.same(last(started([9000, 0], [5000, 120]), [20_000, 480]), [20_000, ''], 'at the power of the samples');
  const restarted = started([500, 0], [900, 60], [100, 120], [300, 180]);
  t.same(last(restarted, [600, 240]), [1000, 'registerRestarted'], 'a register that began anew goes on');
  t.end();
});

void t.test('without samples there is nothing that meterStop could contradict', (t) => {
  t.same(last(started([1000, 0]), [3000, 60]), [2000, '']);
  t.same(last(started([1000, 0]), [1_001_000, 60]), [1_000_000, '']);
  t.same(last(started([1000, 0]), [500, 60]), [0, 'stopContradicts']);
  t.same(last(account(null), [500_000, 60]), [0, ''], 'without a beginning there is no difference');
  t.end();
});

void t.test('any repetition of readings of a growing register counts the same', (t) => {
  const steps = fc.array(fc.record({ wh: fc.nat(3000), seconds: fc.integer({ min: 11, max: 900 }) }), {
    minLength: 1,
  });
  const repeats = fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 20 });
  fc.assert(
    fc.property(steps, repeats, (grown, repeated) => {
      let [wh, seconds] = [1000, 0];
      const readings = grown.map((step): Step => [(wh += step.wh), (seconds += step.seconds)]);
      const sent = readings.map((reading) => [reading]);
      for (const [which, when] of repeated) {
        const index = which % readings.length;
        sent[index + (when % (readings.length - index))]!.push(readings[index]!);
      }
      const plain = account([1000, 0], ...readings);
      t.same(account([1000, 0], ...sent.flat()).energyByDay, plain.energyByDay);
      return totalWh(plain.energyByDay) === wh - 1000;
    }),
  );
  t.end();
});
