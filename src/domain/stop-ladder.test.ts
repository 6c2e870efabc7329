// Which rung is next, and when: also after a restart, with a clock that went back, and for a ladder without rungs.
import t from 'tap';
import { DEFAULT_LADDER, isAtTheTop, nextRung, type ClimbedRung, type Progress } from './stop-ladder.ts';

const DUE_MS = 1_000_000;

function progress(climbed: number, ...rungs: ClimbedRung[]): Progress {
  return { climbed, sinceMs: DUE_MS, rungs };
}

const rung = (atMs: number, answer: string | null = 'Accepted'): ClimbedRung => ({
  step: 'remoteStop',
  atMs,
  answer,
});

void t.test('the rungs follow in their order, each so long after the one before', (t) => {
  const seen: string[] = [];
  let rungs: ClimbedRung[] = [];
  let nowMs = DUE_MS;
  for (let climbed = 0; climbed < 8; climbed += 1) {
    const next = nextRung(DEFAULT_LADDER, { climbed, sinceMs: DUE_MS, rungs }, nowMs);
    nowMs += next.waitMs;
    seen.push(`${next.step} ${(nowMs - DUE_MS) / 1000}`);
    t.equal(next.climbed, climbed + 1);
    rungs = [...rungs, { step: next.step, atMs: nowMs, answer: 'Rejected' }];
  }
  t.same(seen, [
    ...['remoteStop 0', 'remoteStop 15', 'remoteStop 45', 'knownIds 75', 'noCurrent 90', 'inoperative 120'],
    ...['remoteStop 420', 'remoteStop 720'],
  ]);
  t.same(
    [0, 5, 6, 7].map((climbed) => isAtTheTop(DEFAULT_LADDER, climbed)),
    [false, false, true, true],
  );
  t.end();
});

void t.test('what waited long enough is due at once, an answer that took its time included', (t) => {
  t.equal(nextRung(DEFAULT_LADDER, progress(1, rung(DUE_MS)), DUE_MS + 4_000).waitMs, 11_000);
  t.equal(nextRung(DEFAULT_LADDER, progress(1, rung(DUE_MS)), DUE_MS + 30_000).waitMs, 0);
  t.end();
});

void t.test('a clock that went back by a year delays nothing beyond the wait of the rung', (t) => {
  const nowMs = DUE_MS - 365 * 86_400_000;
  t.equal(nextRung(DEFAULT_LADDER, progress(1, rung(DUE_MS)), nowMs).waitMs, 15_000);
  t.equal(nextRung(DEFAULT_LADDER, progress(0), nowMs).waitMs, 0);
  t.end();
});

void t.test('a rung without an answer is climbed again at once, and counts once', (t) => {
  const next = nextRung(DEFAULT_LADDER, progress(2, rung(DUE_MS), rung(DUE_MS + 15_000, null)), DUE_MS);
  t.same(next, { step: 'remoteStop', waitMs: 0, climbed: 2 });
  t.end();
});

void t.test('rungs of a stop that was taken back do not hasten the next one', (t) => {
  const ladder = [{ step: 'remoteStop', waitMs: 20_000 }] as const;
  t.equal(nextRung(ladder, progress(0, rung(0)), DUE_MS).waitMs, 20_000, 'it counts from when it was due');
  t.equal(nextRung(ladder, progress(0, rung(0, null)), DUE_MS).climbed, 1);
  t.end();
});

void t.test('a ladder without rungs asks all the same, at once and then every few minutes', (t) => {
  t.same(nextRung([], progress(0), DUE_MS), { step: 'remoteStop', waitMs: 0, climbed: 1 });
  t.same(nextRung([], progress(1, rung(DUE_MS)), DUE_MS), {
    step: 'remoteStop',
    waitMs: 300_000,
    climbed: 2,
  });
  t.end();
});
