// What a batch of live events makes of a snapshot. Pure: each part is copied once, however many events there are.
import type { Charger } from '../../src/api/contract/chargers.ts';
import type { LiveEvent } from '../../src/api/contract/events.ts';
import type { LogLine } from '../../src/api/contract/logs.ts';
import type { Session } from '../../src/api/contract/sessions.ts';
import { withNews } from './past-sessions.ts';
import { withLines, withSessions, type Snapshot } from './snapshot.ts';

export function applyEvents(snapshot: Snapshot, events: readonly LiveEvent[]): Snapshot {
  const sessions: Session[] = [];
  const chargers: LiveEvent[] = [];
  const lines: LogLine[] = [];
  let alarms = snapshot.alarms;
  for (const event of events) {
    if (event.kind === 'session') sessions.push(event.session);
    else if (event.kind === 'log') lines.push(event.line);
    else if (event.kind === 'charger' || event.kind === 'connection') chargers.push(event);
    else if (event.kind === 'alarm') {
      alarms = alarms.filter(({ id }) => id !== event.alarm.id);
      if (event.isActive) alarms = [...alarms, event.alarm];
    }
  }
  return {
    ...snapshot,
    alarms,
    sessions: sessions.length === 0 ? snapshot.sessions : withSessions(snapshot.sessions, sessions),
    past: sessions.length === 0 ? snapshot.past : withNews(snapshot.past, sessions),
    chargers: chargers.length === 0 ? snapshot.chargers : withChargers(snapshot.chargers ?? [], chargers),
    log: lines.length === 0 ? snapshot.log : withLines(snapshot.log, lines),
  };
}

function withChargers(chargers: readonly Charger[], events: readonly LiveEvent[]): readonly Charger[] {
  const byId = new Map(chargers.map((charger) => [charger.id, charger]));
  for (const event of events) {
    if (event.kind === 'charger') byId.set(event.charger.id, event.charger);
    else if (event.kind === 'connection') {
      const { chargerId, isConnected, at } = event;
      const charger = byId.get(chargerId);
      const connectedSince = isConnected ? at : null;
      if (charger) byId.set(chargerId, { ...charger, isConnected, connectedSince });
    }
  }
  return [...byId.values()];
}
