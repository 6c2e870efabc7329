// Ids of transactions, also of a store that was put back as it was some time ago.
import t from 'tap';
import type { Journal } from './journal.ts';
import { isTransactionIdLease, leaseAfterRestore, TransactionIds } from './transaction-ids.ts';

const NOW = Date.UTC(2026, 10, 30);
const NOT_TAKEN = () => false;

/** A journal as far as ids need one, with the lease that was put last. */
function journalWith(lease: object | null) {
  const kept = { lease };
  const journal = {
    live: { other: () => kept.lease ?? undefined },
    put: (_kind: string, _id: string, value: object) => (kept.lease = value),
  } as unknown as Journal;
  return { journal, kept };
}

function take(ids: TransactionIds, count: number): number[] {
  return Array.from({ length: count }, () => ids.next(NOT_TAKEN));
}

void t.test('ids count up from the time, and go on after a restart', (t) => {
  const { journal, kept } = journalWith(null);
  const first = take(new TransactionIds(journal, NOW), 3);
  t.strictSame(first, [NOW / 10_000, NOW / 10_000 + 1, NOW / 10_000 + 2]);
  t.ok(take(new TransactionIds(journalWith(kept.lease).journal, NOW + 1), 1)[0]! > first[2]!);
  t.end();
});

void t.test('a lease ahead of the clock, put back, is beyond what was given out since the backup', (t) => {
  // Ahead of the clock: the time alone would keep nothing apart.
  const backedUp = { to: NOW / 10_000 + 500_000 };
  for (const seconds of [0, 1, 3_600, 86_400]) {
    const lost = journalWith(backedUp);
    const given = take(new TransactionIds(lost.journal, NOW), 999 + seconds);
    const put = leaseAfterRestore(backedUp, NOW, NOW + seconds * 1000);
    const [fresh] = take(new TransactionIds(journalWith(put).journal, NOW + seconds * 1000), 1);
    t.ok(fresh! > given.at(-1)!, `${seconds} s later: ${fresh} is beyond ${given.at(-1)}`);
  }
  t.end();
});

void t.test('a clock that was set back since the backup takes nothing away', (t) => {
  const put = leaseAfterRestore({ to: 5000 }, NOW, NOW - 86_400_000) as { to: number };
  t.ok(put.to > 5000);
  t.ok(isTransactionIdLease({ kind: 'lease', id: 'transactionId' }));
  t.notOk(isTransactionIdLease({ kind: 'session', id: 'transactionId' }));
  t.end();
});
