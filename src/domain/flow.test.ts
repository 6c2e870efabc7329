// The slope of a register and where it truly is, whatever the register's resolution and however samples come.
import t, { type Test } from 'tap';
import { learnFlow, type Flow, type FlowSample } from './flow.ts';

const START = Date.UTC(2026, 10, 30, 12);
const HOUR_S = 3600;
const MAX_W = 400_000;

function sampleAt(second: number, wh: number, changed: Partial<FlowSample> = {}): FlowSample {
  return { wh, powerW: null, receivedAtMs: START + second * 1000, isAsked: false, ...changed };
}

/** Samples as [second, Wh], on top of what was learned before. */
function learned(samples: readonly (readonly [number, number])[], before: Flow | null = null): Flow {
  let flow = before;
  for (const [second, wh] of samples) flow = learnFlow(flow, sampleAt(second, wh), MAX_W);
  if (flow === null) throw new Error('no samples');
  return flow;
}

/** What a register that counts in steps of `resolutionWh` shows of `trueWh(second)`, every `everyS` from 0 to `untilS`. */
function shown(
  trueWh: (second: number) => number,
  resolutionWh: number,
  everyS: number,
  untilS: number,
): [number, number][] {
  return Array.from({ length: Math.floor(untilS / everyS) + 1 }, (_, i) => [
    i * everyS,
    Math.floor(trueWh(i * everyS) / resolutionWh) * resolutionWh,
  ]);
}

const steady =
  (watts: number, baseWh = 5_000_437) =>
  (second: number) =>
    baseWh + (watts * second) / HOUR_S;

function near(t: Test, found: number | null, wanted: number, within: number, what: string): void {
  t.ok(found !== null && Math.abs(found - wanted) <= within, `${what}: ${found}, not ${wanted} ± ${within}`);
}

void t.test('one sample says nothing of the slope, the second one does', (t) => {
  const first = learned([[0, 1000]]);
  t.match(first, { wh: 1000, atMs: START, slopeW: null, isPaused: false });
  const second = learned([[60, 1367]], first);
  near(t, second.slopeW, 22_020, 1, 'slope');
  near(t, second.wh, 1367.5, 0.5, 'the register is somewhere within the Wh');
  t.equal(second.atMs, START + 60_000);
  t.same(JSON.parse(JSON.stringify(second)), second, 'and what was learned is plain data');
  t.end();
});

void t.test('samples less than a second apart give no slope', (t) => {
  const first = learned([[0, 1000]]);
  t.equal(learned([[0.9, 1000]], first), first, 'a repetition is nothing new');
  t.match(learned([[0.9, 1005]], first), { slopeW: null, shownWh: 1005, wh: 1005 });
  const known = learned([[60, 1366]], first);
  const close = learned([[60.5, 1370]], known);
  t.match(close, { slopeW: known.slopeW, shownWh: 1370, wh: 1370 }, 'a slope that is known stays');
  near(t, learned([[120, 1736]], close).slopeW, 22_000, 300, 'and the next sample goes on from it');
  t.end();
});

void t.test('a queue that arrives at once is no slope', (t) => {
  const known = learned(shown(steady(7000), 1, 60, 300));
  const flow = learned(
    [
      [1500, known.shownWh + 100],
      [1500.1, known.shownWh + 1200],
      [1500.2, known.shownWh + 2300],
    ],
    known,
  );
  t.match(flow, { slopeW: null, shownWh: known.shownWh + 2300, wh: known.shownWh + 2300 });
  t.end();
});

void t.test('nothing flows faster than the charger can', (t) => {
  const first = learned([[0, 1000]]);
  t.equal(learnFlow(first, sampleAt(60, 2003), 22_000).slopeW, 22_000);
  t.equal(learnFlow(first, sampleAt(60, 1103), 22_000).slopeW, 6180, 'what is below is as it is');
  t.end();
});

void t.test('a register shows in which steps it counts, and the slope is found all the same', (t) => {
  for (const [resolutionWh, everyS, watts, whWithin] of [
    [1, 60, 22_000, 1],
    [1, 10, 1400, 1],
    [10, 10, 3700, 5],
    [100, 30, 7000, 30],
    [1000, 30, 10_000, 60],
    [1000, 60, 7000, 80],
  ] as const) {
    const trueWh = steady(watts);
    const samples = shown(trueWh, resolutionWh, everyS, 2 * HOUR_S);
    const flow = learned(samples);
    const what = `${resolutionWh} Wh every ${everyS} s`;
    t.equal(flow.resolutionWh, resolutionWh, what);
    near(t, flow.slopeW, watts, watts / 20, `slope, ${what}`);
    near(t, flow.wh, trueWh(2 * HOUR_S), whWithin, `register, ${what}`);
  }
  t.end();
});

void t.test('one step of a coarse register is no slope yet, the second one is', (t) => {
  const trueWh = steady(10_000, 5_000_500);
  const one = learned(shown(trueWh, 1000, 30, 400));
  t.match(one, { slopeW: null, resolutionWh: 1000 });
  near(t, learned(shown(trueWh, 1000, 30, 600)).slopeW, 10_000, 1000, 'slope');
  t.end();
});

void t.test('a register that stands still for more than two steps is a pause', (t) => {
  const fine = learned(shown(steady(22_000), 1, 60, 300));
  t.match(learned([[360, fine.shownWh]], fine), {
    slopeW: 0,
    isPaused: true,
    atMs: START + 360_000,
  });
  const coarse = learned(shown(steady(10_000), 1000, 30, HOUR_S));
  const newestMs = coarse.changes.at(-1)?.atMs ?? 0;
  const still = (s: number) => learned([[(newestMs - START) / 1000 + s, coarse.shownWh]], coarse);
  t.equal(still(300).isPaused, false, 'a step of 1 kWh takes six minutes at 10 kW');
  t.equal(still(600).isPaused, false);
  near(t, still(600).slopeW, 6500, 500, 'when it is late the flow is slower than it was');
  t.equal(still(760).isPaused, true);
  t.ok(still(760).wh <= coarse.shownWh + 1000);
  t.end();
});

void t.test('after a pause the slope is unknown until the second sample', (t) => {
  const flow = learned(shown(steady(22_000, 1000), 1, 60, 300));
  const paused = learned(
    [
      [360, flow.shownWh],
      [420, flow.shownWh],
    ],
    flow,
  );
  const resumed = learned([[480, flow.shownWh + 90]], paused);
  t.match(resumed, { slopeW: null, isPaused: false, wh: flow.shownWh + 90 });
  near(t, learned([[540, flow.shownWh + 457]], resumed).slopeW, 22_000, 100, 'slope');
  t.end();
});

void t.test('the slope follows a car that charges slower and slower', (t) => {
  const tauS = 25 * 60;
  const falling = (second: number) => 1000 + ((22_000 * tauS) / HOUR_S) * (1 - Math.exp(-second / tauS));
  const flow = learned(shown(falling, 1, 60, 1800));
  const nowW = 22_000 * Math.exp(-1800 / tauS);
  near(t, flow.slopeW, nowW, nowW / 8, 'slope');
  t.end();
});

void t.test('the slope follows a car that is told to charge at another power', (t) => {
  for (const [firstW, thenW] of [
    [22_000, 6000],
    [6000, 22_000],
  ] as const) {
    const trueWh = (second: number) =>
      second <= 600 ? steady(firstW)(second) : steady(firstW)(600) + (thenW * (second - 600)) / HOUR_S;
    near(t, learned(shown(trueWh, 1, 60, 720)).slopeW, thenW, thenW / 50, `${firstW} W, then`);
  }
  t.end();
});

void t.test('a car that does not charge steadily has the slope of several samples', (t) => {
  const samples = Array.from({ length: 10 }, (_, i) => [i * 60, 1000 + i * 367 + (i % 2) * 25] as const);
  for (const until of [9, 10]) near(t, learned(samples.slice(0, until)).slopeW, 22_020, 400, 'slope');
  t.end();
});

void t.test('a sample that shows nothing while the slope is unknown is where the flow begins', (t) => {
  const flow = learned([
    [0, 1000],
    [60, 1000],
  ]);
  t.match(flow, { slopeW: null, isPaused: false, wh: 1000, atMs: START + 60_000, shownAtMs: START + 60_000 });
  t.end();
});

void t.test('power is believed while it agrees with the register, and never scaled', (t) => {
  const flow = learned(shown(steady(10_000), 1, 60, 600));
  const next = Math.floor(steady(10_000)(660));
  const slopeWith = (powerW: number) => learnFlow(flow, sampleAt(660, next, { powerW }), MAX_W).slopeW;
  t.equal(slopeWith(9200), 9200, 'it sees first that the car slows down');
  for (const powerW of [100_000, 252, 0, 7000, 13_000]) {
    near(t, slopeWith(powerW), 10_000, 100, `${powerW} W`);
  }
  t.end();
});

void t.test('a meter that repeats its last sample when it is asked has not paused', (t) => {
  const flow = learned(shown(steady(22_000), 1, 60, 300));
  const asked = (before: Flow, second: number, wh: number) =>
    learnFlow(before, sampleAt(second, wh, { isAsked: true }), MAX_W);
  t.equal(asked(flow, 340, flow.shownWh), flow, 'a repetition is nothing new');
  const fresh = asked(flow, 340, Math.floor(steady(22_000)(340)));
  t.equal(asked(fresh, 370, fresh.shownWh).isPaused, true, 'unless it has shown that it measures when asked');
  t.end();
});

void t.test('a register that goes back begins anew', (t) => {
  const flow = learned(shown(steady(22_000), 1, 60, 300));
  t.match(learned([[360, 12]], flow), { slopeW: null, wh: 12, shownWh: 12, isPaused: false });
  t.end();
});
