// When a quota is used up and when to send what: sessions that flow, pause, are not known yet, or have fallen silent.
import t from 'tap';
import type { Flow } from './flow.ts';
import { forecast, learnLatency, START_LATENCY_MS, type SessionFlow } from './forecast.ts';

const NOW = Date.UTC(2026, 10, 30, 12);
const SECOND = 1000;

/** A session with a sample now; 500 ms of latency, samples every minute, 22 kW at the most as far as one knows. */
function sessionFlow(flow: Partial<Flow>, changed: Partial<SessionFlow> = {}): SessionFlow {
  const sample = { shownWh: 5000, shownAtMs: NOW, wh: 5000, atMs: NOW, slopeW: null, isPaused: false };
  return {
    id: 'CP1/1',
    flow: { ...sample, resolutionWh: 1, measuresWhenAsked: false, changes: [], ...flow },
    latencyMs: 500,
    intervalMs: 60 * SECOND,
    maxPowerW: 22_000,
    isMaxPowerSet: false,
    askedAtMs: null,
    ...changed,
  };
}

/** The moments of the first session's forecast in seconds from now; null as it is. */
function seconds(leftWh: number, ...sessions: SessionFlow[]) {
  const { crossingMs, sessions: each } = forecast(leftWh, sessions);
  const from = (ms: number | null | undefined) => (typeof ms === 'number' ? (ms - NOW) / SECOND : null);
  const [first] = each;
  return {
    crossing: from(crossingMs),
    stop: from(first?.stopAtMs),
    ask: from(first?.askAtMs),
    bound: from(first?.boundMs),
  };
}

void t.test(
  'a session is stopped when its slope has used up what is left, less the latency of its charger',
  (t) => {
    t.match(seconds(100, sessionFlow({ slopeW: 18_000 })), { crossing: 20, stop: 19.5 });
    const slow = sessionFlow({ slopeW: 18_000 }, { latencyMs: 5000 });
    t.match(seconds(100, slow), { crossing: 20, stop: 15 });
    t.match(seconds(0, slow), { crossing: 0, stop: -5 }, 'a moment that has passed is told as it is');
    t.end();
  },
);

void t.test('what the register does not show yet is used up already', (t) => {
  t.match(seconds(100, sessionFlow({ slopeW: 18_000, wh: 5050 })), { crossing: 10 });
  const earlier = sessionFlow({ slopeW: 18_000, atMs: NOW - 4 * SECOND });
  t.match(seconds(100, earlier), { crossing: 16 }, 'and so is what has flowed since the base point');
  t.end();
});

void t.test(
  'all sessions of an account use it up together, each with its own base point and latency',
  (t) => {
    const first = sessionFlow({ slopeW: 12_000 });
    const second = sessionFlow({ slopeW: 6000, atMs: NOW - 6 * SECOND }, { id: 'CP2/7', latencyMs: 3000 });
    const { crossingMs, sessions } = forecast(100, [first, second]);
    t.equal(crossingMs, NOW + 18 * SECOND);
    t.match(sessions, [
      { id: 'CP1/1', stopAtMs: NOW + 17_500 },
      { id: 'CP2/7', stopAtMs: NOW + 15_000 },
    ]);
    t.end();
  },
);

void t.test('where nothing flows nothing is planned', (t) => {
  const nothing = { crossing: null, stop: null, ask: null, bound: null };
  t.same(seconds(100), nothing);
  const paused = sessionFlow({ slopeW: 0, isPaused: true });
  t.same(seconds(100, paused), nothing);
  const other = sessionFlow({ slopeW: 18_000 }, { id: 'CP2/7' });
  t.match(seconds(100, paused, other), { crossing: 20, stop: null }, 'a pause is not ended for another one');
  t.end();
});

void t.test('a slope that is not known only decides when to ask, half way to the earliest end', (t) => {
  const unknown = sessionFlow({}, { maxPowerW: 18_000 });
  t.same(seconds(100, unknown), { crossing: null, stop: null, ask: 10, bound: null });
  t.equal(seconds(20, unknown).ask, 5, 'not sooner than a slope can be told');
  t.equal(seconds(-20, unknown).ask, 5);
  const other = sessionFlow({ slopeW: 18_000 }, { id: 'CP2/7' });
  t.equal(seconds(200, unknown, other).ask, 10, 'what flows elsewhere brings the end nearer');
  const asked = sessionFlow({}, { maxPowerW: 18_000, askedAtMs: NOW - 20 * SECOND });
  t.equal(seconds(100, asked).ask, 40, 'once a minute');
  t.end();
});

void t.test('before a stop that rests on much energy not shown yet the charger is asked once more', (t) => {
  const flow = { slopeW: 18_000 };
  t.equal(seconds(77.5, sessionFlow(flow)).ask, 5, 'ten seconds before');
  t.equal(seconds(77, sessionFlow(flow)).ask, null, 'not where the newest sample is recent enough');
  t.equal(seconds(600, sessionFlow(flow, { askedAtMs: NOW - 1000 })).ask, 109.5);
  t.equal(seconds(200, sessionFlow(flow, { askedAtMs: NOW - 1000 })).ask, 59, 'once a minute');
  t.not(seconds(26, sessionFlow({ slopeW: 1400 })).ask, null);
  t.equal(seconds(24, sessionFlow({ slopeW: 1400 })).ask, null, 'not for a few Wh');
  t.end();
});

void t.test(
  'a power that a person has set stops a session when no sample comes, not before two intervals',
  (t) => {
    const isMaxPowerSet = true;
    t.equal(seconds(100, sessionFlow({}, { isMaxPowerSet: false })).bound, null);
    t.equal(seconds(100, sessionFlow({}, { isMaxPowerSet })).bound, 120);
    t.equal(
      seconds(100, sessionFlow({}, { isMaxPowerSet, intervalMs: 1000, maxPowerW: 18_000 })).bound,
      19.5,
    );
    const paused = sessionFlow({ slopeW: 0, isPaused: true }, { isMaxPowerSet, maxPowerW: 18_000 });
    t.equal(seconds(1000, paused).bound, 199.5, 'nor while it cannot be used up');
    const other = sessionFlow({ slopeW: 18_000 }, { id: 'CP2/7' });
    t.equal(seconds(2000, paused, other).bound, 199.5, 'with what flows elsewhere');
    t.end();
  },
);

void t.test('the latency of a charger is learned from its stops, between nothing and ten seconds', (t) => {
  t.equal(START_LATENCY_MS, 500, 'half a second until measured');
  t.equal(learnLatency(null, 2500), 1500);
  t.equal(learnLatency(1500, 2500), 2000);
  t.equal(learnLatency(1000, -50), 500);
  t.equal(learnLatency(10_000, 600_000), 10_000);
  let latencyMs = START_LATENCY_MS;
  for (let i = 0; i < 8; i += 1) latencyMs = learnLatency(latencyMs, 5000);
  t.ok(Math.abs(latencyMs - 5000) < 50, 'a few stops are enough');
  t.end();
});
