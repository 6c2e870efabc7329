// Cards that nobody knows: /api/unknown-tags lists those seen lately, /api/unknown-tags/next and /api/users/enroll wait for one.
import Type from 'typebox';
import { pageQuery } from '../contract/schema.ts';
import { CardWanted, Enrolment, UnknownTag, UnknownTagsPage, User } from '../contract/users.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { HttpProblem } from '../problem.ts';
import { pageOf } from '../page.ts';
import type { SeenTag, UserPorts } from '../ports/users.ts';
import { done, knownUser, userOf } from './users.ts';

const group = 'Users';
const DEFAULT_WAIT_SECONDS = 60;

export function unknownTagRoutes(ports: UserPorts): readonly Route[] {
  return [listRoute(ports), nextRoute(ports), enrolRoute(ports)];
}

function listRoute(ports: UserPorts): Route {
  return defineRoute({
    ...{ method: 'GET', path: '/api/unknown-tags', role: 'viewer', group },
    summary: 'Unknown cards shown lately, the newest first',
    query: Type.Object(pageQuery),
    answer: { description: 'Cards that were refused because nobody knows them.', json: UnknownTagsPage },
    handle({ query }) {
      const tags = ports.unknownTags();
      const positionOf = (tag: string) => tags.findIndex((one) => one.idTag === tag);
      const order = (a: string, b: string) => positionOf(a) - positionOf(b);
      const { items, next } = pageOf(tags, query, (tag) => tag.idTag, order);
      return { json: { items: items.map(unknownTagOf), next } };
    },
  });
}

function nextRoute(ports: UserPorts): Route {
  return defineRoute({
    ...{ method: 'POST', path: '/api/unknown-tags/next', role: 'admin', group },
    summary: 'Waits for the next unknown card',
    description:
      'For who asks for the name when the card is there. It changes nothing. One wait at a charger at a time, together with those of /api/users/enroll; closing the connection ends it.',
    body: CardWanted,
    answer: { description: 'The card.', json: UnknownTag },
    problems: ['noCardShown', 'enrolmentBusy'],
    async handle({ body: { chargerId, waitSeconds }, signal }) {
      const idTag = await nextCard(ports, { chargerId, waitSeconds, signal });
      const seen = ports.unknownTags().find((one) => one.idTag === idTag);
      if (seen) return { json: unknownTagOf(seen) };
      throw new HttpProblem('noCardShown', {
        detail: `the card ${JSON.stringify(idTag)} has become a user meanwhile`,
        hint: 'GET /api/users has it; ask again to go on waiting',
      });
    },
  });
}

function enrolRoute(ports: UserPorts): Route {
  return defineRoute({
    ...{ method: 'POST', path: '/api/users/enroll', role: 'admin', group },
    summary: 'Makes the next unknown card a user',
    description:
      'The answer comes when a card was shown, or when the time is over. Closing the connection ends the wait. One wait at a charger at a time.',
    body: Enrolment,
    answer: { status: 201, description: 'The new user.', json: User },
    problems: ['userExists', 'userInvalid', 'usersFileNotEdited', 'noCardShown', 'enrolmentBusy'],
    async handle({ body: { chargerId, waitSeconds, ...fields }, caller, signal }) {
      const problems = ports.check(fields);
      if (problems.length > 0) done({ ok: false, refusal: { code: 'invalid', problems } });
      const idTag = await nextCard(ports, { chargerId, waitSeconds, signal });
      const user = done(await ports.add(idTag, fields, caller.name));
      const found = knownUser(ports, user.idTag);
      return { json: userOf(found), etag: found.etag };
    },
  });
}

/** The card that is shown first; what comes instead is a problem. */
async function nextCard(
  ports: UserPorts,
  wanted: {
    readonly chargerId: string | undefined;
    readonly waitSeconds: number | undefined;
    readonly signal: AbortSignal;
  },
): Promise<string> {
  const { chargerId = null, waitSeconds = DEFAULT_WAIT_SECONDS, signal } = wanted;
  const answer = await ports.nextCard({ chargePointId: chargerId, withinMs: waitSeconds * 1000, signal });
  if (answer.kind === 'card') return answer.tag.idTag;
  if (answer.kind === 'busy') {
    const hint = 'wait for it to end, or enroll at another charger';
    throw new HttpProblem('enrolmentBusy', { detail: 'somebody else waits for a card there', hint });
  }
  const hint = 'a card that is known already is in the list of users; ask again to go on waiting';
  throw new HttpProblem('noCardShown', { detail: 'no unknown card was shown in time', hint });
}

function unknownTagOf({ idTag, chargePointId, firstMs, lastMs, count, suggestions }: SeenTag): UnknownTag {
  const [firstSeenAt, lastSeenAt] = [new Date(firstMs).toISOString(), new Date(lastMs).toISOString()];
  const alike = suggestions.map((one) => ({ ...one }));
  return { idTag, chargerId: chargePointId, firstSeenAt, lastSeenAt, count, suggestions: alike };
}
