// The people of the demo, all made up, and the quota that shows each in the state it is there for. Pure.

const WH_PER_KWH = 1000;
/** Early in a month little has been used: a quota is never so small that nobody would believe it. */
const LEAST_QUOTA_KWH = 5;

/** Where somebody stands in the month. */
export type Standing =
  | { readonly kind: 'unlimited' }
  /** From 0 to 1 of the quota, about. */
  | { readonly kind: 'used'; readonly share: number }
  | { readonly kind: 'left'; readonly wh: number }
  | { readonly kind: 'usedUp' };

export interface DemoUser {
  readonly idTag: string;
  readonly name: string;
  readonly surname: string;
  readonly standing: Standing;
  /** How often he came in the past, beside the others; 0 is never. */
  readonly visits: number;
  readonly account?: string;
  readonly isBlocked?: true;
  readonly hasExpired?: true;
}

export const UNKNOWN_CARD = '04D1F09A77';

export const demoUsers: readonly DemoUser[] = [
  { idTag: '04A1B2C301', name: 'Ada', surname: 'Lind', standing: { kind: 'used', share: 0.62 }, visits: 5 },
  { idTag: '04A1B2C302', name: 'Bruno', surname: 'Keel', standing: { kind: 'left', wh: 150 }, visits: 5 },
  { idTag: '04A1B2C303', name: 'Clara', surname: 'Mott', standing: { kind: 'used', share: 0.95 }, visits: 4 },
  { idTag: '04A1B2C304', name: 'Dario', surname: 'Ness', standing: { kind: 'used', share: 0.34 }, visits: 3 },
  {
    ...{ idTag: '04A1B2C305', name: 'Edda', surname: 'Fjord', account: 'fjord' },
    ...{ standing: { kind: 'used', share: 0.81 }, visits: 2 },
  },
  {
    ...{ idTag: '04A1B2C306', name: 'Falk', surname: 'Fjord', account: 'fjord' },
    ...{ standing: { kind: 'used', share: 0.81 }, visits: 2 },
  },
  { idTag: '04A1B2C307', name: 'Greta', surname: 'Holm', standing: { kind: 'usedUp' }, visits: 4 },
  { idTag: 'POOLCAR1', name: 'Pool', surname: 'Car', standing: { kind: 'unlimited' }, visits: 6 },
  {
    ...{ idTag: '04A1B2C309', name: 'Hugo', surname: 'Brandt', isBlocked: true },
    ...{ standing: { kind: 'used', share: 0.2 }, visits: 1 },
  },
  {
    ...{ idTag: '04A1B2C310', name: 'Iris', surname: 'Vale', hasExpired: true },
    ...{ standing: { kind: 'used', share: 0.4 }, visits: 1 },
  },
  { idTag: '04A1B2C311', name: 'Jonas', surname: 'Reef', standing: { kind: 'used', share: 0 }, visits: 0 },
];

/** users1.csv; `usedWh` is what the card has used this month, `yesterday` a date like 2026-11-29. */
export function demoUsersCsv(usedWh: (idTag: string) => number, yesterday: string): string {
  const rows = demoUsers.map((user) => {
    const { idTag, name, surname, standing, account = '', isBlocked, hasExpired } = user;
    const cards = demoUsers.filter((one) => one === user || (account !== '' && one.account === account));
    const used = cards.reduce((sum, card) => sum + usedWh(card.idTag), 0);
    const unlimited = standing.kind === 'unlimited' ? 'TRUE' : 'FALSE';
    const blocked = isBlocked ? 'TRUE' : 'FALSE';
    const expires = hasExpired ? yesterday : '';
    return [idTag, name, surname, quotaKwh(standing, used), unlimited, account, blocked, expires].join(',');
  });
  return ['id_tag,name,surname,quota_kwh,unlimited,account,blocked,expires', ...rows, ''].join('\n');
}

/** The quota of the account that has used `usedWh`. */
function quotaKwh(standing: Standing, usedWh: number): number {
  const usedKwh = usedWh / WH_PER_KWH;
  switch (standing.kind) {
    case 'unlimited':
      return 0;
    case 'used': {
      const kwh = standing.share === 0 ? 100 : Math.round(usedKwh / standing.share);
      return Math.max(LEAST_QUOTA_KWH, kwh);
    }
    case 'left':
      return Math.round(usedWh + standing.wh) / WH_PER_KWH;
    case 'usedUp':
      return Math.floor(usedKwh * 10) / 10;
  }
}
